using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Gateway.Limits;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Limits;

public sealed class UpstreamTurnsTests : IDisposable
{
    private static readonly Upstream Listening = GatewayRig.Serving(1, "parakeet", null, UpstreamTask.Transcription) with { Id = "asr" };
    private static readonly Upstream Chatting = GatewayRig.Serving(1, "qwen-served", "qwen--qwen3.6-35b", UpstreamTask.Chat);

    private readonly ManualClock _clock = new();
    private readonly FixedSettings _settings = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly UpstreamTurns _turns;

    public UpstreamTurnsTests() => _turns = new UpstreamTurns(_settings, _clock, _stopping.Token);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Who_waits_is_told_to_come_back_when_the_appliance_ends()
    {
        await TakenAsync(Listening, "alice");
        var waiting = Take(Listening, "bob");

        await _stopping.CancelAsync();

        (await waiting.DefaultTimeout()).ShouldBeOfType<TurnOutcome.TooLate>();
        _turns.Waiting("asr").ShouldBe(0);
    }

    [Fact]
    public async Task Speech_to_text_gets_one_recording_at_a_time_and_chats_all_they_want()
    {
        var first = await TakenAsync(Listening, "alice");
        var second = Take(Listening, "alice");
        second.IsCompleted.ShouldBeFalse();
        _turns.Waiting("asr").ShouldBe(1);
        for (var i = 0; i < 100; i++)
        {
            await TakenAsync(Chatting, "alice");
        }

        first.Dispose();
        first.Dispose();

        (await second.DefaultTimeout()).ShouldBeOfType<TurnOutcome.Taken>();
        Take(Listening, "alice").IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Callers_take_turns()
    {
        var running = await TakenAsync(Listening, "batch");
        var batch = Enumerable.Range(0, 3).Select(_ => Take(Listening, "batch")).ToArray();
        var person = Take(Listening, "person");

        running.Dispose();
        ((TurnOutcome.Taken)await batch[0].DefaultTimeout()).Turn.Dispose();

        (await person.DefaultTimeout()).ShouldBeOfType<TurnOutcome.Taken>();
        batch[1].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Full_line_refuses_with_when_to_come_back_and_makes_room_for_who_has_less()
    {
        _settings.With(LimitSettings.QueueLength, "2");
        var earlier = await TakenAsync(Listening, "batch");
        _clock.Advance(TimeSpan.FromSeconds(7));
        earlier.Dispose();
        await TakenAsync(Listening, "batch");
        var first = Take(Listening, "batch");
        var second = Take(Listening, "batch");

        (await Take(Listening, "batch").DefaultTimeout()).ShouldBe(new TurnOutcome.Full(TimeSpan.FromSeconds(21)));
        var person = Take(Listening, "person");

        (await second.DefaultTimeout()).ShouldBeOfType<TurnOutcome.Full>();
        first.IsCompleted.ShouldBeFalse();
        person.IsCompleted.ShouldBeFalse();
        _turns.Waiting("asr").ShouldBe(2);
    }

    [Fact]
    public async Task Who_leaves_or_is_late_takes_no_turn_away()
    {
        var running = await TakenAsync(Listening, "alice");
        using var leaving = new CancellationTokenSource();
        var left = _turns.TakeAsync(Listening, "alice", leaving.Token).AsTask();
        var late = Take(Listening, "alice");
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left.DefaultTimeout());

        _clock.Advance(TimeSpan.FromSeconds(300));
        (await late.DefaultTimeout()).ShouldBeOfType<TurnOutcome.TooLate>();
        _turns.Waiting("asr").ShouldBe(0);
        var next = Take(Listening, "alice");
        running.Dispose();

        (await next.DefaultTimeout()).ShouldBeOfType<TurnOutcome.Taken>();
    }

    [Fact]
    public async Task Limit_that_is_raised_counts_for_those_who_wait()
    {
        await TakenAsync(Listening, "alice");
        var second = Take(Listening, "alice");

        _settings.With(LimitSettings.Transcription, "3");
        var third = Take(Listening, "alice");

        (await second.DefaultTimeout()).ShouldBeOfType<TurnOutcome.Taken>();
        (await third.DefaultTimeout()).ShouldBeOfType<TurnOutcome.Taken>();
    }

    [Fact]
    public async Task Learned_limit_is_in_force_only_while_learning_is_on_and_no_limit_is_set()
    {
        _settings.With(LimitSettings.Adaptive, "on");
        for (var i = 0; i < AdaptiveLimit.Start.Value; i++)
        {
            await TakenAsync(Chatting, "alice");
        }

        var waiting = Take(Chatting, "alice");
        waiting.IsCompleted.ShouldBeFalse();

        _settings.With(LimitSettings.Adaptive, "off");
        await TakenAsync(Chatting, "alice");
        (await waiting.DefaultTimeout()).ShouldBeOfType<TurnOutcome.Taken>();
    }

    [Fact]
    public async Task Thousand_callers_at_three_at_a_time_are_all_served_and_never_more_at_once()
    {
        _settings.With(LimitSettings.Transcription, "3").With(LimitSettings.QueueLength, "1000");
        var (inWork, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(async () =>
        {
            var turn = await TakenAsync(Listening, $"caller{i % 7}");
            var now = Interlocked.Increment(ref inWork);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inWork);
            turn.Dispose();
        }))).DefaultTimeout();

        most.ShouldBeLessThanOrEqualTo(3);
        _turns.Waiting("asr").ShouldBe(0);
        await TakenAsync(Listening, "last");
    }

    private static void InterlockedMax(ref int place, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref place)) < value && Interlocked.CompareExchange(ref place, value, seen) != seen)
        {
        }
    }

    private Task<TurnOutcome> Take(Upstream upstream, string caller) => _turns.TakeAsync(upstream, caller, CancellationToken.None).AsTask();

    private async Task<Turn> TakenAsync(Upstream upstream, string caller) => (await Take(upstream, caller).DefaultTimeout()).ShouldBeOfType<TurnOutcome.Taken>().Turn;
}
