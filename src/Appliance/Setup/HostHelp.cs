using Appliance.Cluster.Shell;

namespace Appliance.Setup;

/// <summary>What the page needs so that a person can let a machine in.</summary>
/// <param name="For">The fault that it helps with.</param>
/// <param name="Fingerprint">The fingerprint of the key that the machine shows; null while it is not known.</param>
/// <param name="PublicKey">Our public key; null while it is not known.</param>
public sealed record HostHelp(HostFault For, string? Fingerprint = null, string? PublicKey = null)
{
    /// <summary>Whether a connection test is under way.</summary>
    public bool IsTesting { get; init; }

    /// <summary>Where the last test ended; null before one.</summary>
    public string? TestResult { get; init; }
}
