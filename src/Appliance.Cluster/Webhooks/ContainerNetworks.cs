using System.Net;
using System.Net.NetworkInformation;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Webhooks;

/// <summary>The networks of containers and virtual machines on this machine, by the names that Docker, Podman, Kubernetes and libvirt give their bridges.</summary>
internal static class ContainerNetworks
{
    private static readonly string[] Bridges = ["docker", "br-", "podman", "cni", "virbr", "lxcbr", "lxdbr"];

    /// <summary>Whether an address is in one of them, as they are now. From inside a container its own network has another name, so neighbours are none.</summary>
    public static bool Contains(IPAddress address) => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => Array.Exists(Bridges, bridge => network.Name.StartsWith(bridge, StringComparison.Ordinal)))
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Any(own => AddressPrefix.IsShared(own.Address, address, own.PrefixLength));
}
