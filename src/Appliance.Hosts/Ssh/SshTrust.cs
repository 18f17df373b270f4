namespace Appliance.Hosts.Ssh;

/// <summary>What happens when a host shows its key for the first time (<c>SSH_TRUST</c>).</summary>
public enum SshTrust
{
    /// <summary>A person compares and confirms the shown fingerprint; until then nothing runs there.</summary>
    Ask,

    /// <summary>The first key seen is pinned. A later change is refused all the same.</summary>
    First,
}
