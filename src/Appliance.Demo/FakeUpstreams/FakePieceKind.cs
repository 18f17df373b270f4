namespace Appliance.Demo.FakeUpstreams;

/// <summary>Which part of a message a token belongs to.</summary>
internal enum FakePieceKind
{
    /// <summary>Thinking before the answer.</summary>
    Reasoning,

    /// <summary>The answer.</summary>
    Content,

    /// <summary>The arguments of a function call, in parts.</summary>
    ToolArguments,
}
