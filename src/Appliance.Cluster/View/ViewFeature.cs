using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.View;

/// <summary>Registers the view of the cluster.</summary>
public static class ViewFeature
{
    /// <summary>Adds <see cref="ClusterView"/>; needs <c>ITopology</c> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddView(this IServiceCollection services) => services.AddSingleton<ClusterView>();
}
