namespace Appliance.Cluster.Topology;

/// <summary>What must hold between the parts of a definition. Pure.</summary>
internal static class ClusterCheck
{
    public static void Check(ClusterDefinition definition, ICollection<string> problems)
    {
        foreach (var lane in definition.Lanes)
        {
            foreach (var host in lane.Hosts.Where(host => definition.FindHost(host) is null))
            {
                problems.Add($"Lane '{lane.Id}' names the machine '{host}', which is not defined.");
            }
        }

        foreach (var service in definition.Services.Where(service => definition.FindHost(service.Host) is null))
        {
            problems.Add($"Service '{service.Id}' names the machine '{service.Host}', which is not defined.");
        }

        CheckAddresses(definition, problems);
        CheckContainers(definition, problems);
        CheckPorts(definition, problems);
    }

    private static void CheckAddresses(ClusterDefinition definition, ICollection<string> problems)
    {
        foreach (var twins in definition.Hosts.GroupBy(host => (host.Address.ToLowerInvariant(), host.Port)).Where(group => group.Count() > 1))
        {
            problems.Add($"The machines {string.Join(" and ", twins.Select(host => $"'{host.Id}'"))} have the same address; keep one of them.");
        }
    }

    /// <summary>Two lanes on one machine with one container name would stop each other's server.</summary>
    private static void CheckContainers(ClusterDefinition definition, ICollection<string> problems)
    {
        var uses = definition.Lanes.SelectMany(lane => lane.Hosts.Select(host => (host, lane.Container, lane.Id)));
        foreach (var clash in uses.GroupBy(use => (use.host, use.Container)).Where(group => group.Count() > 1))
        {
            problems.Add($"The lanes {string.Join(" and ", clash.Select(use => $"'{use.Id}'"))} share the container name '{clash.Key.Container}' on '{clash.Key.host}'; give each its own.");
        }
    }

    private static void CheckPorts(ClusterDefinition definition, ICollection<string> problems)
    {
        var uses = definition.Lanes.Select(lane => (Host: lane.Head, lane.Port, Who: $"lane '{lane.Id}'"))
            .Concat(definition.Services.Where(service => service.Port is not null).Select(service => (service.Host, Port: service.Port!.Value, Who: $"service '{service.Id}'")));
        foreach (var clash in uses.GroupBy(use => (use.Host, use.Port)).Where(group => group.Count() > 1))
        {
            problems.Add($"Port {clash.Key.Port} on '{clash.Key.Host}' is used by {string.Join(" and ", clash.Select(use => use.Who))}; give each its own.");
        }
    }
}
