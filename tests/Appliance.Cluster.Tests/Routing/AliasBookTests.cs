using System.Collections.Immutable;
using Appliance.Cluster.Events;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Routing;

#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class AliasBookTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly FixedTopology _topology = new(TwoLanes.Definition);
    private Database _database = null!;
    private ClusterView _view = null!;
    private EventLog _events = null!;
    private AliasBook _book = null!;

    public async Task InitializeAsync()
    {
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
        _view = new ClusterView(_topology, _clock);
        _view.Update(snapshot => snapshot with { Models = [TwoLanes.Qwen, TwoLanes.Gemma], ModelsAreKnown = true });
        _events = new EventLog(_database, _view, NullLogger<EventLog>.Instance);
        _book = new AliasBook(_database, _events, _view, _topology, _clock);
        await _book.StartAsync(CancellationToken.None).DefaultTimeout();
    }

    public async Task DisposeAsync()
    {
        _book.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_said_is_in_force_at_once_and_after_a_restart()
    {
        await ReplaceAsync(("code", [TwoLanes.Gemma.Id.Value, TwoLanes.Qwen.Id.Value]), ("fast", [TwoLanes.Qwen.Id.Value]));
        await ReplaceAsync(("code", [TwoLanes.Qwen.Id.Value, TwoLanes.Gemma.Id.Value]));
        _view.Current.Aliases.Lists.Keys.ShouldBe(["code"]);

        await _database.DisposeAsync();
        await InitializeAsync();

        _view.Current.Aliases.Lists.Keys.ShouldBe(["code"]);
        _view.Current.Aliases.Find("code").ShouldBe([TwoLanes.Qwen.Id.Value, TwoLanes.Gemma.Id.Value]);
    }

    [Fact]
    public async Task One_alias_is_changed_and_the_others_stay()
    {
        await ReplaceAsync(("code", [TwoLanes.Gemma.Id.Value]), ("fast", [TwoLanes.Qwen.Id.Value]));

        (await _book.SetAsync("CODE", [TwoLanes.Qwen.Id.Value], "Alice", CancellationToken.None).DefaultTimeout()).ShouldBeOfType<AliasOutcome.Changed>();
        (await _book.SetAsync("fast", [], "Alice", CancellationToken.None).DefaultTimeout()).ShouldBeOfType<AliasOutcome.Changed>();

        _view.Current.Aliases.Lists.Keys.ShouldBe(["code"]);
        _view.Current.Aliases.Find("code").ShouldBe([TwoLanes.Qwen.Id.Value]);
    }

    [Fact]
    public async Task Refused_wish_changes_nothing_and_the_same_wish_again_is_no_event()
    {
        await ReplaceAsync(("fast", [TwoLanes.Qwen.Id.Value]));
        await ReplaceAsync(("fast", [TwoLanes.Qwen.Id.Value]));
        (await _book.SetAsync("fast", ["nonsense"], "Bob", CancellationToken.None).DefaultTimeout()).ShouldBeOfType<AliasOutcome.Refused>();

        _view.Current.Aliases.Find("fast").ShouldBe([TwoLanes.Qwen.Id.Value]);
        var told = (await _events.ReadAsync(0, null, 10, CancellationToken.None).DefaultTimeout()).ShouldHaveSingleItem();
        (told.Type, told.Sentence, told.Details["aliases"]).ShouldBe((EventTypes.AliasesChanged, "The aliases were changed by Alice", "fast"));
    }

    private async Task ReplaceAsync(params (string Alias, ImmutableArray<string> Models)[] lists) =>
        (await _book.ReplaceAsync(lists.ToDictionary(list => list.Alias, list => list.Models), "Alice", CancellationToken.None).DefaultTimeout())
            .ShouldBeOfType<AliasOutcome.Changed>();
}
