using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Appliance.Cluster.Metrics;
using Appliance.Cluster.Webhooks;

namespace Appliance.Metrics;

/// <summary>Counts from the start of the process on what <c>/metrics</c> shows.</summary>
internal static class NumbersFeature
{
    /// <summary>What is taken of the framework's own numbers. Not the client's durations of requests: our own are about the same way and say more.</summary>
    private static readonly FrozenSet<string> OfTheFramework = FrozenSet.Create(
        StringComparer.Ordinal,
        "http.server.active_requests",
        "http.server.request.duration",
        "kestrel.active_connections",
        "kestrel.rejected_connections",
        "http.client.open_connections",
        "aspnetcore.components.circuit.active",
        "dotnet.process.cpu.time",
        "dotnet.process.memory.working_set",
        "dotnet.thread_pool.queue.length");

    public static IServiceCollection AddNumbers(this IServiceCollection services) => services
        .AddMeters()
        .AddSingleton(provider =>
        {
            var requests = provider.GetRequiredService<RequestMeter>().Meter;
            var cluster = provider.GetRequiredService<ClusterMeter>().Meter;
            var webhooks = provider.GetRequiredService<WebhookMeter>().Meter;
            var host = provider.GetRequiredService<IMeterFactory>();
            return new MeterReader(instrument => instrument.Meter == requests
                || instrument.Meter == cluster
                || instrument.Meter == webhooks
                || (OfTheFramework.Contains(instrument.Name) && (instrument.Meter.Scope is null || instrument.Meter.Scope == host)));
        });
}
