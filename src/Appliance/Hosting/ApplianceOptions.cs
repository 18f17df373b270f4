using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Demo;
using Appliance.Hosts.Ssh;

namespace Appliance.Hosting;

/// <summary>What the appliance is started with, already checked.</summary>
internal sealed record ApplianceOptions
{
    public required DataDirectory Data { get; init; }

    /// <summary>Where it listens; port 0 is any free one.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The demo cluster to run instead of real machines; null for real ones.</summary>
    public DemoOptions? Demo { get; init; }

    /// <summary>The real machines; without meaning in the demo.</summary>
    public ConfiguredTopology? Topology { get; init; }

    /// <summary>Whether the machine's own addresses and the published port cannot be seen from here.</summary>
    public bool IsInContainer { get; init; }

    /// <summary>Our private key (<c>SSH_KEY_PATH</c>); null for the one in the data directory.</summary>
    public string? SshKeyPath { get; init; }

    public SshTrust SshTrust { get; init; } = SshTrust.Ask;

    /// <summary>The value of an environment key, or null: what fills the settings that nobody set otherwise.</summary>
    public Func<string, string?> ReadEnvironment { get; init; } = _ => null;

    public Logging.Secrets Secrets { get; init; } = new([]);

    /// <summary>Whether log lines go to standard output too.</summary>
    public bool LogsToConsole { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
