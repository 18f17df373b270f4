namespace Appliance.Cluster.Shell;

/// <summary>What a host says about the epochs of a scope.</summary>
public abstract record EpochLook
{
    private EpochLook()
    {
    }

    /// <summary>The highest one it has seen.</summary>
    /// <param name="Epoch">0 when it has seen none.</param>
    public sealed record Seen(long Epoch) : EpochLook;

    /// <summary>The host could not be asked.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record NotKnown(HostFault Fault) : EpochLook;
}
