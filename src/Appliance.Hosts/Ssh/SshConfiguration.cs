using System.Globalization;
using System.Text;

namespace Appliance.Hosts.Ssh;

/// <summary>
/// Our own configuration file for one host. ssh reads no other one, so nothing of a user's or the system's configuration (<c>ProxyCommand</c>,
/// <c>Match exec</c>) takes part, and host, user and port never appear on a command line (T-03, reliability.md 0.1 b).
/// </summary>
internal static class SshConfiguration
{
    /// <summary>For commands and their shared connection: only the pinned key is accepted.</summary>
    public static string ForCommands(SshEndpoint endpoint, string resolvedAddress, SshOptions options, string controlPath) =>
        Render(
            endpoint,
            resolvedAddress,
            options,
            ("StrictHostKeyChecking", "yes"),
            ("UserKnownHostsFile", QuotePath(options.KnownHostsPath)),
            ("PreferredAuthentications", "publickey"),
            ("IdentityFile", QuotePath(options.KeyPath)),
            ("ControlPath", QuotePath(controlPath)));

    /// <summary>For a look at the key which the host shows, without offering ours.</summary>
    public static string ForHostKey(SshEndpoint endpoint, string resolvedAddress, SshOptions options, string keyFile) =>
        Render(
            endpoint,
            resolvedAddress,
            options,
            ("StrictHostKeyChecking", "accept-new"),
            ("UserKnownHostsFile", QuotePath(keyFile)),
            ("PreferredAuthentications", "none"),
            ("IdentityFile", "none"),
            ("ControlPath", "none"));

    /// <summary>Whether ssh would read the path as it is written: it expands <c>%</c> and <c>${…}</c>, and knows no line breaks.</summary>
    public static bool IsUsablePath(string path) =>
        Path.IsPathFullyQualified(path) && !path.Any(c => char.IsControl(c) || c is '"' or '\\' or '$');

    private static string Render(SshEndpoint endpoint, string resolvedAddress, SshOptions options, params ReadOnlySpan<(string Key, string Value)> special)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Host {endpoint.Id}\n");
        Add("HostName", resolvedAddress);
        Add("HostKeyAlias", endpoint.KeyName);
        Add("User", endpoint.User);
        Add("Port", endpoint.Port.ToString(CultureInfo.InvariantCulture));
        foreach (var (key, value) in special)
        {
            Add(key, value);
        }

        Add("ConnectTimeout", Seconds(options.ConnectTimeout));
        Add("ServerAliveInterval", Seconds(options.KeepAlive));
        text.Append(Fixed);
        return text.ToString();

        void Add(string key, string value) => text.Append(CultureInfo.InvariantCulture, $"  {key} {value}\n");
    }

    private static string Seconds(TimeSpan time) => ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string QuotePath(string path) =>
        IsUsablePath(path)
            ? $"\"{path.Replace("%", "%%")}\""
            : throw new ArgumentException($"ssh cannot use the path {path}: it must be absolute, without quotes, backslashes, dollar signs or line breaks.", nameof(path));

    private const string Fixed = """
          BatchMode yes
          GlobalKnownHostsFile none
          UpdateHostKeys no
          HashKnownHosts no
          CheckHostIP no
          VerifyHostKeyDNS no
          IdentitiesOnly yes
          IdentityAgent none
          CertificateFile none
          PasswordAuthentication no
          KbdInteractiveAuthentication no
          HostbasedAuthentication no
          CanonicalizeHostname no
          ProxyCommand none
          ProxyJump none
          PermitLocalCommand no
          ForwardAgent no
          ForwardX11 no
          ClearAllForwardings yes
          Tunnel no
          RequestTTY no
          EscapeChar none
          ConnectionAttempts 1
          ServerAliveCountMax 3
          TCPKeepAlive yes
          ControlMaster no
          ControlPersist no
          LogLevel ERROR

        """;
}
