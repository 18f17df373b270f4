namespace Appliance.Gateway.Measuring;

/// <summary>Who asks, as a feature of the request: set by the host in front of the gateway when it knows a name, and shown in the list of requests.</summary>
/// <param name="Name">The name of a key, in the owner's words.</param>
public sealed record GatewayCaller(string Name);
