using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Benchmarks.Servers;

/// <summary>The appliance's gateway on its own, in front of one live model.</summary>
internal static class GatewayAlone
{
    public static Task<LoopbackServer> StartAsync(Uri upstream) => LoopbackServer.StartAsync(
        services =>
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<IUpstreams>(new OneUpstream(upstream));
            services.AddSingleton<GatewayTraffic>();
            services.AddSingleton<ISettings>(new FixedSettings());
            services.AddSingleton<IModelWishes, NoWishes>();
            services.AddGateway();
        },
        app => app.MapGateway());
}
