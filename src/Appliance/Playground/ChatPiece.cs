namespace Appliance.Playground;

/// <summary>A piece of an answer as it comes.</summary>
public abstract record ChatPiece
{
    private ChatPiece()
    {
    }

    /// <summary>Words of the answer.</summary>
    public sealed record Words(string Text) : ChatPiece;

    /// <summary>Words of the thinking before it.</summary>
    public sealed record Thought(string Text) : ChatPiece;

    /// <summary>It ended early; one or two sentences why. Always the last piece.</summary>
    public sealed record Failed(string Why) : ChatPiece;
}
