using Appliance.Cluster.Settings;

namespace Appliance.Hosts.Ssh;

/// <summary>What the owner can set about the way to the machines.</summary>
public static class SshSettings
{
    /// <summary>What an unknown host key means; see <see cref="SshTrust"/>.</summary>
    public static readonly ChoiceSetting Trust = new()
    {
        Key = "SSH_TRUST",
        Title = "Getting to know a machine",
        Help = "ask: you compare and confirm each machine's fingerprint on the page. first: the first key that a machine shows is taken.",
        Section = "Machines",
        Words = ["ask", "first"],
        Default = "ask",
        NeedsRestart = true,
    };

    /// <summary>The chosen word as a value.</summary>
    public static SshTrust ReadTrust(SettingValues values) => values.Get(Trust) == "first" ? SshTrust.First : SshTrust.Ask;
}
