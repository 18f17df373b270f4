using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;

namespace Appliance.Swaps;

/// <summary>What would be run on a host, word by word. Empty for a host that takes part because the launcher on the first one starts it.</summary>
internal sealed record SwapHostPlanWire(string Host, IReadOnlyList<string> Argv, string? WorkingDirectory)
{
    public static IReadOnlyList<SwapHostPlanWire> From(LaunchPlan launch) =>
        [new(launch.Host.Value, launch.Command.Words, launch.Command.WorkingDirectory?.Value), .. launch.Hosts.Where(host => host != launch.Host).Select(WithoutCommand)];

    private static SwapHostPlanWire WithoutCommand(HostId host) => new(host.Value, [], null);
}
