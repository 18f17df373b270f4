namespace Appliance.Gateway.Forwarding;

/// <summary>What the last event of a whole server-sent stream looks like.</summary>
internal enum StreamEnd
{
    /// <summary>Nothing special: only the transport tells whether it was whole.</summary>
    Unmarked,

    /// <summary><c>data: [DONE]</c>, as after chat and completions.</summary>
    Done,

    /// <summary>The typed event <c>response.completed</c> (or failed, incomplete, cancelled) of the Responses API.</summary>
    ResponseEvent,

    /// <summary>The typed event <c>message_stop</c> of the Messages API.</summary>
    MessageStop,
}
