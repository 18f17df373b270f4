using Appliance.Cluster.Routing;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Routing;

public sealed class GatewayTrafficTests
{
    [Fact]
    public async Task Waiting_for_idle_ends_with_the_last_request_of_that_upstream()
    {
        var traffic = new GatewayTraffic();
        var first = traffic.Begin("main");
        var second = traffic.Begin("main");
        using var other = traffic.Begin("small");

        var idle = traffic.WaitForIdleAsync("main", CancellationToken.None);
        traffic.InFlight("main").ShouldBe(2);
        first.Dispose();
        first.Dispose();
        traffic.InFlight("main").ShouldBe(1);
        idle.IsCompleted.ShouldBeFalse();
        second.Dispose();

        await idle.DefaultTimeout();
        traffic.InFlight("main").ShouldBe(0);
        traffic.InFlight("small").ShouldBe(1);
    }

    [Fact]
    public async Task Requests_that_wait_are_counted_and_keep_no_drain_waiting()
    {
        var traffic = new GatewayTraffic();
        var first = traffic.Wait("main");
        using (traffic.Wait("main"))
        {
            traffic.Waiting("main").ShouldBe(2);
        }

        await traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        traffic.InFlight("main").ShouldBe(0);
        first.Dispose();
        first.Dispose();
        traffic.Waiting("main").ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_in_work_is_idle_at_once()
    {
        var traffic = new GatewayTraffic();

        await traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();

        traffic.InFlight("main").ShouldBe(0);
    }

    [Fact]
    public async Task Counting_from_many_threads_ends_at_zero()
    {
        var traffic = new GatewayTraffic();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                using var lease = traffic.Begin("main");
                traffic.InFlight("main").ShouldBeInRange(1, 8);
            }
        }))).DefaultTimeout();

        traffic.InFlight("main").ShouldBe(0);
    }

    [Fact]
    public async Task Cut_ends_what_is_in_work_on_that_upstream_and_nothing_that_begins_later()
    {
        var traffic = new GatewayTraffic();
        var first = traffic.Begin("main");
        var second = traffic.Begin("main");
        using var other = traffic.Begin("small");

        traffic.Cut("main").ShouldBe(2);

        first.Cut.IsCancellationRequested.ShouldBeTrue();
        second.Cut.IsCancellationRequested.ShouldBeTrue();
        other.Cut.IsCancellationRequested.ShouldBeFalse();
        using (var later = traffic.Begin("main"))
        {
            later.Cut.IsCancellationRequested.ShouldBeFalse();
            first.Dispose();
            second.Dispose();
            traffic.InFlight("main").ShouldBe(1);
        }

        await traffic.WaitForIdleAsync("main", CancellationToken.None).DefaultTimeout();
        traffic.Cut("main").ShouldBe(0);
    }
}
