using Appliance.Cluster.Schedules;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Files;
using Appliance.TestKit.Given;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Schedules;

public sealed class ScheduleRegistryTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly ClusterView _view;
    private Database _database = null!;
    private ScheduleRegistry _registry = null!;

    public ScheduleRegistryTests() => _view = new ClusterView(new FixedTopology(ClusterDefinition.Empty), _clock);

    public async Task InitializeAsync()
    {
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
        _registry = new ScheduleRegistry(_database, _view, _clock);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plan_is_there_as_it_was_after_a_restart()
    {
        var saved = (await _registry.AddAsync(Draft("nightly"), CancellationToken.None)).ShouldBeOfType<ScheduleOutcome.Saved>();
        await DisposeAsync();
        await InitializeAsync();

        var read = (await _registry.ReadAsync(CancellationToken.None)).Schedules.ShouldHaveSingleItem();

        saved.IsNew.ShouldBeTrue();
        read.ShouldBe(saved.Schedule);
    }

    [Fact]
    public async Task Moment_keeps_the_offset_that_its_owner_wrote()
    {
        await _registry.AddAsync(Draft("once") with { Cron = null, At = "2026-12-24T18:00:00+05:30" }, CancellationToken.None);

        var at = (await _registry.ReadAsync(CancellationToken.None)).Schedules[0].At!.Value;

        at.Offset.ShouldBe(TimeSpan.FromHours(5.5));
        at.Hour.ShouldBe(18);
    }

    [Fact]
    public async Task Adding_an_id_twice_is_refused_and_putting_it_replaces()
    {
        await _registry.AddAsync(Draft("nightly"), CancellationToken.None);
        var generation = _registry.Generation;
        _clock.Advance(TimeSpan.FromHours(1));

        (await _registry.AddAsync(Draft("nightly"), CancellationToken.None)).ShouldBeOfType<ScheduleOutcome.Exists>();
        var put = (await _registry.PutAsync(Draft("nightly") with { Name = "Other", Note = null }, CancellationToken.None)).ShouldBeOfType<ScheduleOutcome.Saved>();

        put.IsNew.ShouldBeFalse();
        var read = (await _registry.ReadAsync(CancellationToken.None)).Schedules.ShouldHaveSingleItem();
        (read.Name, read.Note).ShouldBe(("Other", null));
        read.CreatedAt.ShouldBe(Given.Now);
        read.ChangedAt.ShouldBe(Given.Now + TimeSpan.FromHours(1));
        _registry.Generation.ShouldBeGreaterThan(generation);
    }

    [Fact]
    public async Task Removed_plan_is_gone_and_removing_it_again_says_so()
    {
        await _registry.AddAsync(Draft("nightly"), CancellationToken.None);

        (await _registry.RemoveAsync(ScheduleId.Parse("nightly"), CancellationToken.None)).ShouldBeTrue();
        (await _registry.RemoveAsync(ScheduleId.Parse("nightly"), CancellationToken.None)).ShouldBeFalse();
        (await _registry.ReadAsync(CancellationToken.None)).Schedules.ShouldBeEmpty();
    }

    [Fact]
    public async Task Next_one_comes_first_and_what_is_over_last()
    {
        await _registry.AddAsync(Draft("over") with { Cron = null, At = "2026-01-01T00:00:00Z" }, CancellationToken.None);
        await _registry.AddAsync(Draft("evening") with { Cron = "0 20 * * *" }, CancellationToken.None);
        await _registry.AddAsync(Draft("noon") with { Cron = "0 12 * * *" }, CancellationToken.None);

        (await _registry.ReadAsync(CancellationToken.None)).Schedules.Select(schedule => schedule.Id.Value).ShouldBe(["noon", "evening", "over"]);
    }

    [Fact]
    public async Task Names_of_one_model_are_one_model()
    {
        _view.Update(snapshot => snapshot with { Models = [Given.Model()] });
        await _registry.AddAsync(Draft("one") with { Model = "google/gemma-4-26b" }, CancellationToken.None);
        await _registry.AddAsync(Draft("two") with { Model = "google--gemma-4-26b" }, CancellationToken.None);
        (await _registry.ReadAsync(CancellationToken.None)).Conflicts.ShouldBeEmpty();

        await _registry.AddAsync(Draft("three") with { Model = "another" }, CancellationToken.None);
        (await _registry.ReadAsync(CancellationToken.None)).Conflicts.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Registry_is_full_at_some_point_and_a_plan_can_still_be_changed()
    {
        for (var i = 0; i < ScheduleRegistry.Most; i++)
        {
            await _registry.AddAsync(Draft($"plan-{i}"), CancellationToken.None);
        }

        (await _registry.AddAsync(Draft("one-more"), CancellationToken.None)).ShouldBeOfType<ScheduleOutcome.Full>();
        (await _registry.PutAsync(Draft("plan-0"), CancellationToken.None)).ShouldBeOfType<ScheduleOutcome.Saved>();
    }

    private static ScheduleDraft Draft(string id) => new()
    {
        Id = id,
        Owner = "digest",
        Name = "Nightly digest",
        Model = "google/gemma-4-26b",
        Cron = "0 2 * * *",
        DurationMinutes = 30,
        Note = "Needs the large one",
    };
}
