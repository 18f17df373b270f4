namespace Appliance.Cluster.Keys;

/// <summary>A key, without its secret. Immutable.</summary>
public sealed record AccessKey
{
    /// <summary>Its id.</summary>
    public required KeyId Id { get; init; }

    /// <summary>What it is for, in the owner's words: usually the name of a program. Unique without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>What it is good for.</summary>
    public required KeyScope Scope { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The hour in which it was last used (coarse on purpose: a key is no record of its owner's day); null when never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}
