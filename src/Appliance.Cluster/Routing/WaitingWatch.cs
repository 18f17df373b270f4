using Appliance.Cluster.View;
using Microsoft.Extensions.Hosting;

namespace Appliance.Cluster.Routing;

/// <summary>Shows how many requests wait for each lane: <see cref="LaneSnapshot.WaitingRequests"/>, of which it is the only writer.</summary>
internal sealed class WaitingWatch(GatewayTraffic traffic, ClusterView view, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            view.Update(snapshot => snapshot.Lanes.All(lane => lane.WaitingRequests == traffic.Waiting(lane.Definition.Id.Value))
                ? snapshot
                : snapshot with { Lanes = [.. snapshot.Lanes.Select(Show)] });
        }
    }

    private LaneSnapshot Show(LaneSnapshot lane)
    {
        var waiting = traffic.Waiting(lane.Definition.Id.Value);
        return waiting == lane.WaitingRequests ? lane : lane with { WaitingRequests = waiting };
    }
}
