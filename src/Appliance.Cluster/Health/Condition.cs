namespace Appliance.Cluster.Health;

/// <summary>How something is, in one of the honest words, and why.</summary>
/// <param name="Kind">The word.</param>
public sealed record Condition(ConditionKind Kind)
{
    /// <summary>Not looked at yet.</summary>
    public static Condition Unknown { get; } = new(ConditionKind.Unknown);

    /// <summary>One sentence why; null when the word says it all.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when the word holds; null when unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How often it crashed, for <see cref="ConditionKind.Crashed"/>.</summary>
    public int Crashes { get; init; }

    /// <summary>When it was last looked at successfully; null when it never was.</summary>
    public DateTimeOffset? LastSeen { get; init; }
}
