using Appliance.Cluster.Engines;

namespace Appliance.Swaps;

/// <summary>Exactly what would be run, word by word, on which host, and which hosts take part.</summary>
internal sealed record SwapLaunchWire(string Host, IReadOnlyList<string> Argv, string? WorkingDirectory, IReadOnlyList<string> Hosts, string ServedName)
{
    public static SwapLaunchWire From(LaunchPlan launch) => new(
        launch.Host.Value,
        launch.Command.Words,
        launch.Command.WorkingDirectory?.Value,
        [.. launch.Hosts.Select(host => host.Value)],
        launch.ServedName);
}
