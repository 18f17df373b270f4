namespace Appliance.Cluster.Connectivity;

/// <summary>The key that a host shows.</summary>
/// <param name="Fingerprint">What a person compares: <c>SHA256:</c> and 43 characters, as <c>ssh-keygen -lf</c> prints it on the host.</param>
/// <param name="IsConfirmed">Whether it is the one that was confirmed for this host.</param>
public sealed record ShownHostKey(string Fingerprint, bool IsConfirmed);
