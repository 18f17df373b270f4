using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Events;

public sealed class ClockWatchTests
{
    [Theory]
    [InlineData(3, "3")]
    [InlineData(-3600, "-3600")]
    [InlineData(315_360_000, "315360000")]
    [InlineData(-315_360_000, "-315360000")]
    public async Task Jump_of_the_wall_clock_is_told(int seconds, string told)
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock();
        await using var database = await Database.OpenAsync(folder.File("appliance.db"), CancellationToken.None);
        var log = new EventLog(database, new ClusterView(new FixedTopology(ClusterDefinition.Empty), clock), NullLogger<EventLog>.Instance);
        using var watch = new ClockWatch(log, clock, NullLogger<ClockWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        while (clock.PendingTimers == 0)
        {
            await Task.Yield();
        }

        // Steady time, and the small corrections of time synchronisation, are no news.
        clock.Advance(ClockWatch.Pause * 10);
        clock.JumpWallClock(TimeSpan.FromSeconds(1.5));
        clock.Advance(ClockWatch.Pause);

        await using var events = log.FollowAsync(0, CancellationToken.None).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        clock.JumpWallClock(TimeSpan.FromSeconds(seconds));
        while (!next.IsCompleted)
        {
            // A tick may fall before the watch is back at waiting: the jump is seen at the next one.
            clock.Advance(ClockWatch.Pause);
            await Task.Yield();
        }

        (await next.DefaultTimeout()).ShouldBeTrue();
        events.Current.Type.ShouldBe(EventTypes.ClockJumped);
        events.Current.Details["seconds"].ShouldBe(told);
        await watch.StopAsync(CancellationToken.None).DefaultTimeout();
    }
}
