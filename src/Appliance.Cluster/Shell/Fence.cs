using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Shell;

/// <summary>
/// What makes a host refuse a command that comes too late: the host remembers the highest epoch it has seen in a scope, durably and before the command
/// runs, and refuses lower ones. Commands of one scope run one after the other; what has not ended in time is ended for the sake of the next.
/// </summary>
public sealed record Fence
{
    /// <summary>A fence; <see cref="ArgumentException"/> for a scope or an owner that could not be a file's name, or an epoch below 1.</summary>
    public Fence(string scope, long epoch, string owner = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        Scope = IsScope(scope) ? scope : throw new ArgumentException($"'{scope}' cannot be the scope of a fence.", nameof(scope));
        Epoch = epoch;
        Owner = owner.Length == 0 || IsScope(owner) ? owner : throw new ArgumentException($"'{owner}' cannot own an epoch.", nameof(owner));
    }

    /// <summary>What is protected on the host: the container name of a lane.</summary>
    public string Scope { get; }

    /// <summary>The number of whoever asks; the higher is the newer.</summary>
    public long Epoch { get; }

    /// <summary>
    /// Who uses the epoch, or empty. Two appliances may count to the same number: the second owner of an epoch is refused like an older one.
    /// </summary>
    public string Owner { get; }

    /// <summary>Whether a text can be a scope: the grammar of a container's name.</summary>
    public static bool IsScope(string text) => TopologyWords.IsContainer(text);
}
