using Appliance.Cluster.Reservations;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

/// <summary>A machine that answers requests and lets nobody log in.</summary>
public sealed class WatchedLaneTests
{
    private static readonly LaneId Small = LaneId.Parse("small");

    [Theory]
    [InlineData(HostFaultKind.AuthenticationFailed)]
    [InlineData(HostFaultKind.HostKeyChanged)]
    [InlineData(HostFaultKind.OnlyWatched)]
    public async Task Model_is_served_although_nobody_can_log_in_and_what_needs_a_login_is_refused_with_the_reason(HostFaultKind kind)
    {
        await using var rig = await ClusterRig.StartAsync();
        await rig.WhenReadyAsync();
        var snapshot = await rig.WhenAsync(current => current.FindLane(Small) is { Serving: not null });
        var host = snapshot.Hosts.Single(one => one.Definition.Id == snapshot.FindLane(Small)!.Definition.Head);

        rig.Demo.GetHost(host.Definition.Id).LoginFault = new HostFault(kind, "Nobody may log in here.");
        snapshot = await rig.WhenAsync(current => current.Hosts.Any(one => one.Fault?.Kind == kind));

        var lane = snapshot.FindLane(Small)!;
        lane.Serving.ShouldNotBeNull();
        rig.Get<IUpstreams>().Find(lane.Serving.ServedName, UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("small");
        (await rig.Swaps.StopAsync(Small, LanePass.None, "Alice", CancellationToken.None).DefaultTimeout()).ShouldBeOfType<SwapOutcome.HostUnusable>().Fault.Message.ShouldBe("Nobody may log in here.");
        rig.View.Current.FindLane(Small)!.Serving.ShouldNotBeNull();
    }
}
