using System.Collections.Concurrent;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.Layout;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class CircuitViewTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly BlockingCollection<Moment> _shown = [];
    private readonly ClusterView _view;
    private readonly CircuitView _circuit;

    public CircuitViewTests()
    {
        _view = new ClusterView(new FixedTopology(ClusterDefinition.Empty), _clock);
        _circuit = new CircuitView(_view, _clock, NullLogger<CircuitView>.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _circuit.DisposeAsync();

    [Fact]
    public async Task Burst_of_changes_is_shown_at_most_four_times_a_second_and_ends_with_the_newest()
    {
        Follow();
        await NextAsync();
        Change("first");
        (await NextAsync()).Snapshot.Recent[0].Sentence.ShouldBe("first");
        await UntilItWaitsAsync();

        for (var i = 1; i <= 100; i++)
        {
            Change($"change {i}");
        }

        _shown.Count.ShouldBe(0);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        (await NextAsync()).Snapshot.Recent[0].Sentence.ShouldBe("change 100");
        _shown.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Ages_count_on_while_nothing_changes()
    {
        Follow();
        var first = await NextAsync();

        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = await NextAsync();

        second.Snapshot.ShouldBeSameAs(first.Snapshot);
        (second.Now - first.Now).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Nothing_is_shown_after_the_page_is_gone()
    {
        Follow();
        await NextAsync();
        await _circuit.StopAsync().DefaultTimeout();

        Change("later");
        _clock.Advance(TimeSpan.FromSeconds(5));

        _shown.Count.ShouldBe(0);
        _clock.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Page_that_fails_to_draw_is_drawn_again_at_the_next_change()
    {
        var failures = 1;
        _circuit.Follow(moment =>
        {
            if (failures-- > 0)
            {
                throw new InvalidOperationException("cannot be drawn");
            }

            _shown.Add(moment);
            return Task.CompletedTask;
        });

        Change("after");

        (await NextAsync()).Snapshot.Recent[0].Sentence.ShouldBe("after");
    }

    private void Follow() => _circuit.Follow(moment =>
    {
        _shown.Add(moment);
        return Task.CompletedTask;
    });

    private void Change(string sentence) => _view.Update(snapshot => snapshot with
    {
        Recent = [new() { At = _clock.GetUtcNow(), Type = "test", Component = "test", Sentence = sentence }],
    });

    private Task<Moment> NextAsync() => Task.Run(() => _shown.Take()).DefaultTimeout();

    // One timer ticks for the ages; the second is the pause after a change.
    private Task UntilItWaitsAsync() => Task.Run(() => SpinWait.SpinUntil(() => _clock.PendingTimers == 2)).DefaultTimeout();
}
