using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Connectivity;

/// <summary>
/// How we and a host come to know each other: our public key there, its host key here. Implementations are thread-safe and never throw for what a host
/// does; only cancellation throws.
/// </summary>
public interface IHostTrust
{
    /// <summary>Our public key as one line for <c>authorized_keys</c>, or why there is none. Exactly one of the two is null.</summary>
    Task<(string? PublicKey, HostFault? Fault)> ReadPublicKeyAsync(CancellationToken cancellationToken);

    /// <summary>The key that the host shows now, or why it could not be asked. Exactly one of the two is null.</summary>
    Task<(ShownHostKey? Key, HostFault? Fault)> LookAsync(HostId host, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the key of that fingerprint for the host's, in place of an earlier one. The host is asked again: when it shows another key, nothing is
    /// changed and the fault is <see cref="HostFaultKind.HostKeyUnknown"/>. Null means done.
    /// </summary>
    Task<HostFault?> ConfirmAsync(HostId host, string fingerprint, CancellationToken cancellationToken);

    /// <summary>Drops the host's connection and forgets earlier refusals, so that the next command connects at once.</summary>
    Task RetryAsync(HostId host, CancellationToken cancellationToken);
}
