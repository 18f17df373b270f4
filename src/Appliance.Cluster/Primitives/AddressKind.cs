namespace Appliance.Cluster.Primitives;

/// <summary>What is behind an IP address, as far as the address says it.</summary>
public enum AddressKind
{
    /// <summary>The public internet.</summary>
    Public,

    /// <summary>The home network, a VPN, or a network that is not given out to the public.</summary>
    Home,

    /// <summary>This machine, past its firewall: its services trust who comes from there.</summary>
    OwnMachine,

    /// <summary>Nobody's server: link-local and cloud metadata, multicast, broadcast, reserved and unspecified addresses.</summary>
    Never,
}
