using Appliance.Cluster.Routing;
using Appliance.Gateway.Holding;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Holding;

public sealed class HoldRoomTests
{
    private readonly HandMadeUpstreams _upstreams = new();
    private readonly ManualClock _clock = new();

    public HoldRoomTests() => _upstreams.Add(GatewayRig.Loading(1));

    [Fact]
    public async Task Room_is_bounded_in_requests_and_in_bytes()
    {
        await using var room = Room();
        var places = Enumerable.Range(0, HoldRoom.MostRequests).Select(_ => room.TryEnter("qwen-served", UpstreamTask.Chat, 1)).ToArray();
        places.ShouldAllBe(place => place != null);
        room.TryEnter("qwen-served", UpstreamTask.Chat, 0).ShouldBeNull();
        foreach (var place in places)
        {
            place!.Dispose();
            place.Dispose();
        }

        room.Count.ShouldBe(0);
        using var large = room.TryEnter("qwen-served", UpstreamTask.Chat, HoldRoom.MostBytes);
        large.ShouldNotBeNull();
        room.TryEnter("qwen-served", UpstreamTask.Chat, 1).ShouldBeNull();
    }

    [Fact]
    public async Task Oldest_are_let_go_first_and_only_those_whose_model_has_news()
    {
        await using var room = Room();
        _upstreams.Add(GatewayRig.Loading(2) with { Id = "small", Names = ["gemma"] });
        var released = new List<int>();
        using var other = room.TryEnter("gemma", UpstreamTask.Chat, 0)!;
        var places = Enumerable.Range(0, 20).Select(i =>
        {
            var place = room.TryEnter(i % 2 == 0 ? "qwen-served" : "QWEN-served", UpstreamTask.Chat, 0)!;
            _ = place.Released.ContinueWith(_ => released.Add(i), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, new InOrder());
            return place;
        }).ToArray();

        _upstreams.Set(GatewayRig.Serving(1, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat));

        await Task.WhenAll(places.Select(place => place.Released)).DefaultTimeout();
        released.ShouldBe(Enumerable.Range(0, 20));
        other.Released.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Change_without_a_sign_is_seen_after_a_second()
    {
        await using var room = Room();
        var isLive = false;
        _upstreams.Answer = _ => isLive ? new UpstreamMatch.Unavailable("gone") : new UpstreamMatch.Loading(GatewayRig.Loading(1));
        using var place = room.TryEnter(null, UpstreamTask.Chat, 0)!;
        await GatewayRig.UntilAsync(() => _clock.PendingTimers > 0);

        isLive = true;
        while (!place.Released.IsCompleted)
        {
            _clock.AdvanceToNextTimer(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await place.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None).DefaultTimeout()).ShouldBeTrue();
    }

    [Fact]
    public async Task Lookup_that_throws_does_not_end_the_watch()
    {
        await using var room = Room();
        _upstreams.Answer = _ => throw new InvalidOperationException("a bug");
        using var place = room.TryEnter(null, UpstreamTask.Chat, 0)!;
        await GatewayRig.UntilAsync(() => _clock.PendingTimers > 0);

        _upstreams.Answer = _ => new UpstreamMatch.Unavailable("gone");

        await place.Released.DefaultTimeout();
    }

    [Fact]
    public async Task Appliance_that_ends_tells_who_waits_at_once()
    {
        using var stopping = new CancellationTokenSource();
        await using var room = Room(stopping.Token);
        using var place = room.TryEnter("qwen-served", UpstreamTask.Chat, 0)!;
        var waiting = place.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None);

        await stopping.CancelAsync();

        (await waiting.DefaultTimeout()).ShouldBeFalse();
        using var late = room.TryEnter("qwen-served", UpstreamTask.Chat, 0)!;
        (await late.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None).DefaultTimeout()).ShouldBeFalse();
    }

    private HoldRoom Room(CancellationToken stopping = default) => new(_upstreams, _clock, NullLogger<HoldRoom>.Instance, stopping);

    /// <summary>Runs continuations where they are queued, so that the order of releases is seen.</summary>
    private sealed class InOrder : TaskScheduler
    {
        protected override IEnumerable<Task> GetScheduledTasks() => [];

        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);
    }
}
