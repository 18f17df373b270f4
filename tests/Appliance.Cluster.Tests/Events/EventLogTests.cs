using System.Collections.Immutable;
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

#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class EventLogTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly ClusterView _view;
    private Database _database = null!;
    private EventLog _log = null!;

    public EventLogTests() => _view = new ClusterView(new FixedTopology(ClusterDefinition.Empty), _clock);

    public async Task InitializeAsync()
    {
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
        _log = new EventLog(_database, _view, NullLogger<EventLog>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Appended_event_gets_an_id_and_comes_back_whole_after_a_restart()
    {
        var happened = Given("one") with
        {
            Severity = EventSeverity.Error,
            CorrelationId = "swap-1",
            Details = ImmutableSortedDictionary<string, string>.Empty.Add("lane", "main").Add("host", "spark-1"),
        };
        var stored = await _log.AppendAsync(happened, CancellationToken.None);
        await _database.DisposeAsync();
        await InitializeAsync();

        var read = (await _log.ReadAsync(0, null, 10, CancellationToken.None)).ShouldHaveSingleItem();

        stored.Id.ShouldBe(1);
        read.ShouldBe(stored with { Details = read.Details });
        read.Details.ShouldBe(happened.Details);
    }

    [Fact]
    public async Task Appending_strips_what_events_must_not_hold()
    {
        await _log.AppendAsync(Given("one") with { Details = ImmutableSortedDictionary<string, string>.Empty.Add("Prompt", "what Alice said") }, CancellationToken.None);

        (await _log.ReadNewestAsync(null, 1, CancellationToken.None))[0].Details.ShouldBeEmpty();
        _view.Current.Recent[0].Details.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_of_an_unlisted_type_is_not_stored_and_what_happened_is()
    {
        var dropped = await _log.AppendAsync(
            Given("what Alice said") with { Type = "made_up" },
            (connection, _) => Schema.Execute(connection, "CREATE TABLE beside (id INTEGER)"),
            CancellationToken.None);

        dropped.Id.ShouldBe(0);
        (await _log.ReadNewestAsync(null, 1, CancellationToken.None)).ShouldBeEmpty();
        _view.Current.Recent.ShouldBeEmpty();
        await _database.WriteAsync((connection, _) => Schema.Execute(connection, "INSERT INTO beside VALUES (1)"), CancellationToken.None);
    }

    [Fact]
    public async Task History_is_read_by_place_type_and_limit()
    {
        for (var i = 1; i <= 6; i++)
        {
            await _log.AppendAsync(Given($"{i}") with { Type = i % 2 == 0 ? EventTypes.SwapStarted : EventTypes.SwapFailed }, CancellationToken.None);
        }

        Sentences(await _log.ReadAsync(2, EventTypes.SwapFailed, 10, CancellationToken.None)).ShouldBe(["3", "5"]);
        Sentences(await _log.ReadAsync(0, null, 2, CancellationToken.None)).ShouldBe(["1", "2"]);
        Sentences(await _log.ReadNewestAsync(null, 2, CancellationToken.None)).ShouldBe(["6", "5"]);
        Sentences(await _log.ReadNewestAsync(EventTypes.SwapFailed, 2, CancellationToken.None)).ShouldBe(["5", "3"]);
        Sentences(await _log.ReadAsync(0, null, int.MinValue, CancellationToken.None)).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Follower_gets_the_stored_and_then_the_new_ones()
    {
        await AppendAsync(1, 3);
        using var done = new CancellationTokenSource();
        await using var follower = _log.FollowAsync(1, done.Token).GetAsyncEnumerator();

        (await NextAsync(follower)).ShouldBe("2");
        (await NextAsync(follower)).ShouldBe("3");
        var next = NextAsync(follower);
        next.IsCompleted.ShouldBeFalse();
        await AppendAsync(4, 4);
        (await next).ShouldBe("4");

        var last = follower.MoveNextAsync().AsTask();
        await done.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(last.DefaultTimeout());
    }

    [Fact]
    public async Task Followers_beside_many_writers_see_every_event_once_and_in_order()
    {
        const int Total = 400;
        var followers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var seen = new List<long>();
            await foreach (var happened in _log.FollowAsync(0, CancellationToken.None))
            {
                seen.Add(happened.Id);
                if (seen.Count == Total)
                {
                    break;
                }
            }

            return seen;
        })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() => AppendAsync(writer * 1000, (writer * 1000) + (Total / 4) - 1)))).DefaultTimeout();

        foreach (var follower in followers)
        {
            (await follower.DefaultTimeout()).ShouldBe(Enumerable.Range(1, Total).Select(id => (long)id));
        }

        _view.Current.Recent.Select(happened => happened.Id).ShouldBe(Enumerable.Range(0, 20).Select(i => (long)(Total - i)));
    }

    [Fact]
    public async Task Follower_that_comes_back_goes_on_after_its_place_even_when_old_events_are_gone()
    {
        await AppendAsync(1, 10);
        var place = await TakeAsync(0, 4);
        await AppendAsync(11, 12);
        await _log.TrimAsync(7, CancellationToken.None);

        place.ShouldBe([1, 2, 3, 4]);
        (await TakeAsync(place[^1], 7)).ShouldBe([6, 7, 8, 9, 10, 11, 12]);
    }

    [Fact]
    public async Task Ids_are_not_used_again_after_everything_was_removed()
    {
        await AppendAsync(1, 3);
        (await _log.TrimAsync(0, CancellationToken.None)).ShouldBe(3);

        (await _log.AppendAsync(Given("next"), CancellationToken.None)).Id.ShouldBe(4);
    }

    [Fact]
    public async Task Newest_twenty_stand_in_the_view_also_after_a_restart()
    {
        await AppendAsync(1, 25);
        var fresh = new ClusterView(new FixedTopology(ClusterDefinition.Empty), _clock);
        var log = new EventLog(_database, fresh, NullLogger<EventLog>.Instance);

        await log.PublishNewestAsync(CancellationToken.None);

        Sentences(fresh.Current.Recent).ShouldBe(Enumerable.Range(6, 20).Reverse().Select(i => $"{i}"));
        Sentences(_view.Current.Recent).ShouldBe(Sentences(fresh.Current.Recent));
    }

    private async Task AppendAsync(int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            await _log.AppendAsync(Given($"{i}"), CancellationToken.None);
        }
    }

    private async Task<List<long>> TakeAsync(long after, int count)
    {
        var seen = new List<long>();
        await foreach (var happened in _log.FollowAsync(after, CancellationToken.None))
        {
            seen.Add(happened.Id);
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<ApplianceEvent> follower)
    {
        (await follower.MoveNextAsync().AsTask().DefaultTimeout()).ShouldBeTrue();
        return follower.Current.Sentence;
    }

    private static IEnumerable<string> Sentences(IEnumerable<ApplianceEvent> events) => events.Select(happened => happened.Sentence);

    private ApplianceEvent Given(string sentence) => new() { At = _clock.GetUtcNow(), Type = EventTypes.ConditionChanged, Component = "tests", Sentence = sentence };
}
