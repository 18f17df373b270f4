namespace Appliance.Playground;

/// <summary>One message of the conversation.</summary>
public sealed record ChatTurn
{
    public required bool IsByPerson { get; init; }

    public string Text { get; init; } = "";

    /// <summary>What the model thought before; empty without.</summary>
    public string Thinking { get; init; } = "";

    /// <summary>Which model answered; null for the person's own message.</summary>
    public string? ModelName { get; init; }

    /// <summary>From the question to the first word; null before it came.</summary>
    public TimeSpan? FirstWordAfter { get; init; }

    /// <summary>Whether words are still coming.</summary>
    public bool IsComing { get; init; }

    /// <summary>Why it ended early; null when it did not.</summary>
    public string? Trouble { get; init; }
}
