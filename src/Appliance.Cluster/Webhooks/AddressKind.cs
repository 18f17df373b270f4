namespace Appliance.Cluster.Webhooks;

/// <summary>What is behind an IP address, as far as the address says it.</summary>
internal enum AddressKind
{
    /// <summary>The home network, a VPN or the internet: may be called.</summary>
    Open,

    /// <summary>This machine, past its firewall: its services trust who comes from there.</summary>
    OwnMachine,

    /// <summary>Nobody's receiver: link-local and cloud metadata, multicast, broadcast, reserved and unspecified addresses.</summary>
    Never,
}
