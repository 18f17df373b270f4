namespace Appliance.Cluster.Keys;

/// <summary>What became of the wish for a new key.</summary>
public abstract record KeyCreation
{
    private KeyCreation()
    {
    }

    /// <summary>It is there and good from now on.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="Token">Its secret, now and never again.</param>
    public sealed record Created(AccessKey Key, KeyToken Token) : KeyCreation;

    /// <summary>The name is empty or too long.</summary>
    public sealed record BadName : KeyCreation;

    /// <summary>There is one with that name.</summary>
    public sealed record NameTaken(AccessKey By) : KeyCreation;

    /// <summary>There are as many as there may be.</summary>
    public sealed record TooMany(int Most) : KeyCreation;
}
