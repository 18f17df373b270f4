namespace Appliance.Cluster.Keys;

/// <summary>What became of the wish to revoke a key.</summary>
public abstract record KeyRevocation
{
    private KeyRevocation()
    {
    }

    /// <summary>It is good for nothing from now on.</summary>
    public sealed record Revoked(AccessKey Key) : KeyRevocation;

    /// <summary>There is no such key.</summary>
    public sealed record Unknown : KeyRevocation;

    /// <summary>It is the last one with which anybody could still get in while keys are required.</summary>
    public sealed record LastAdmin(AccessKey Key) : KeyRevocation;
}
