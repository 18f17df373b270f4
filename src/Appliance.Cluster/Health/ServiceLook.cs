namespace Appliance.Cluster.Health;

/// <summary>What one look at a service showed.</summary>
/// <param name="Answer">What its health path said.</param>
/// <param name="Container">What docker said.</param>
internal sealed record ServiceLook(ServiceAnswer Answer, ContainerLook Container);
