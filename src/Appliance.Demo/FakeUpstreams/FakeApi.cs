namespace Appliance.Demo.FakeUpstreams;

/// <summary>The ways in which a model server can be asked for an answer.</summary>
internal enum FakeApi
{
    /// <summary>OpenAI's chat completions.</summary>
    Chat,

    /// <summary>OpenAI's plain completions.</summary>
    Completions,

    /// <summary>OpenAI's responses.</summary>
    Responses,

    /// <summary>Anthropic's messages.</summary>
    Messages,
}
