using System.Net;

namespace Appliance.Cluster.Webhooks;

/// <summary>No address of a receiver may be called.</summary>
internal sealed class ForbiddenAddressException(IPAddress? address) : Exception(
    address is null
        ? "The receiver's name has no address."
        : $"The receiver's address {address} is not called: it is this appliance, this machine or no single machine.");
