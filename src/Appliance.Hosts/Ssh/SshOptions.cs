using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosts.Ssh;

/// <summary>How hosts are reached. The paths come from <c>DATA_DIR</c> and <c>SSH_KEY_PATH</c>.</summary>
public sealed class SshOptions
{
    /// <summary>Our private key (<c>SSH_KEY_PATH</c>); made when absent. An absolute path. No default.</summary>
    [Required]
    public string KeyPath { get; set; } = "";

    /// <summary>The file of confirmed host keys, in OpenSSH's format. An absolute path. No default.</summary>
    [Required]
    public string KnownHostsPath { get; set; } = "";

    /// <summary>What an unknown host key means (<c>SSH_TRUST</c>); <see cref="SshTrust.Ask"/> unless set.</summary>
    public SshTrust Trust { get; set; } = SshTrust.Ask;

    /// <summary>Limit for the connection, the banner and the key exchange, 1 to 60 whole seconds. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Silence after which the host is asked whether it is still there, 1 to 60 whole seconds; three unanswered questions end the connection.
    /// Default 5 s. Without it a frozen host holds a command for ever (reliability.md 0.1 j).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Commands that may run on one host at a time, 1 to 9. Default 8: sshd's MaxSessions is 10, and beyond it every command logs in anew (0.1 l).</summary>
    [Range(1, 9)]
    public int SessionsPerHost { get; set; } = 8;

    /// <summary>Commands that may wait for a session of one host, 0 to 1000. Default 64; one more is refused as overloaded.</summary>
    [Range(0, 1000)]
    public int WaitingPerHost { get; set; } = 64;

    /// <summary>How long a command may wait for a session. Default 10 s.</summary>
    public TimeSpan SessionWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a host that accepts but does not speak is left alone (F-03). Default 1 min.</summary>
    public TimeSpan ThrashingPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a host is left alone after it refused our key three times in a row (F-04: more would get our address banned). Default 2 min.</summary>
    public TimeSpan RefusedPause { get; set; } = TimeSpan.FromMinutes(2);
}
