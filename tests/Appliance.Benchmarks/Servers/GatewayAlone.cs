using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Benchmarks.Servers;

/// <summary>The appliance's gateway on its own, in front of one live model.</summary>
internal static class GatewayAlone
{
    public static Task<LoopbackServer> StartAsync(Uri upstream, UpstreamAvailability availability = UpstreamAvailability.Serving) => LoopbackServer.StartAsync(
        services =>
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<IUpstreams>(new OneUpstream(upstream, availability));
            services.AddSingleton<GatewayTraffic>();
            services.AddSingleton<ISettings>(new FixedSettings());
            services.AddSingleton<IModelWishes, NoWishes>();
            services.AddGateway();

            // As in the product: what is measured is also added up.
            services.AddSingleton(provider =>
            {
                var meter = provider.GetRequiredService<RequestMeter>().Meter;
                return new MeterReader(instrument => instrument.Meter == meter);
            });
        },
        app =>
        {
            app.Services.GetRequiredService<MeterReader>();
            app.MapGateway();
        },
        GatewayFeature.ReadAhead);
}
