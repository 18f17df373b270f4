using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Rig;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.Demo.Scenarios;
using Appliance.TestKit.Time;
using Dapper;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class StoreTroubleTests : RigTests
{
    private const string Refuse =
        """
        CREATE TRIGGER refuse_changes BEFORE UPDATE ON swap_jobs BEGIN SELECT RAISE(ABORT, 'no'); END;
        CREATE TRIGGER refuse_jobs BEFORE INSERT ON swap_jobs BEGIN SELECT RAISE(ABORT, 'no'); END;
        """;

    private const string Allow = "DROP TRIGGER refuse_changes; DROP TRIGGER refuse_jobs;";
    private static readonly SwapRequest Wish = new() { Model = Gemma, RequestedBy = "Alice" };

    [Fact]
    public async Task A_job_that_cannot_be_taken_up_after_a_restart_is_taken_up_when_the_disk_is_back()
    {
        var job = await LeaveAJobAsync();
        await WithoutApplianceAsync(Refuse);

        await _rig.StartAgainAsync();
        var trouble = await _rig.WhenAsync(snapshot => snapshot.Store is not null);

        trouble.Attention[0].Title.ShouldBe("The appliance cannot keep its own data");
        (await _rig.Swaps.RequestAsync(Wish, CancellationToken.None).DefaultTimeout()).ShouldBeOfType<SwapOutcome.InProgress>().Running.Id.ShouldBe(job.Id);

        await ExecuteAsync(Allow);
        var ended = await _rig.EndedAsync(job);

        ended.State.ShouldBe(SwapState.Live);
        await _rig.WhenAsync(snapshot => snapshot.Store is null);
        (await _rig.Get<IEventLog>().ReadAsync(0, EventTypes.StoreRecovered, 10, CancellationToken.None)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Before_it_can_read_what_was_left_the_appliance_begins_nothing_and_says_so()
    {
        var job = await LeaveAJobAsync();
        await WithoutApplianceAsync("ALTER TABLE swap_jobs RENAME TO jobs_elsewhere");

        await _rig.StartAgainAsync();
        await _rig.WhenAsync(snapshot => snapshot.Store is not null);
        await Should.ThrowAsync<SqliteException>(() => _rig.Swaps.RequestAsync(Wish, CancellationToken.None)).DefaultTimeout();

        await ExecuteAsync("ALTER TABLE jobs_elsewhere RENAME TO swap_jobs");
        var ended = await _rig.EndedAsync(job);

        ended.State.ShouldBe(SwapState.Live);
        await _rig.WhenAsync(snapshot => snapshot.Store is null);
    }

    [Fact]
    public async Task A_disk_that_fails_in_the_middle_of_a_change_is_waited_for()
    {
        await _rig.Demo.SwitchAsync(new DemoFaults { LoadFactor = 40 });
        var job = await _rig.AcceptedAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Loading });
        await ExecuteAsync(Refuse);
        await _rig.Demo.SwitchAsync(DemoScenario.Calm);
        await _rig.WhenAsync(snapshot => snapshot.Store is not null);

        await ExecuteAsync(Allow);

        (await _rig.EndedAsync(job)).State.ShouldBe(SwapState.Live);
        await _rig.WhenAsync(snapshot => snapshot.Store is null);
    }

    [Fact]
    public void The_same_trouble_is_news_once()
    {
        var trouble = new StoreTrouble(new ClusterView(new FixedTopology(ClusterDefinition.Empty), TimeProvider.System), _rig.Get<IEventLog>(), TimeProvider.System);
        var full = new StoreException(StoreFault.Full, "The disk is full.");

        trouble.Note(full).ShouldBeTrue();
        trouble.Note(full).ShouldBeFalse();
        trouble.Note(new InvalidOperationException("A fault of ours.")).ShouldBeTrue();
        trouble.Note(new StoreException(StoreFault.DiskError, "The disk fails.")).ShouldBeTrue();
        trouble.Note(full).ShouldBeTrue();
    }

    /// <summary>The appliance ends in the middle of a change; the machines go on.</summary>
    private async Task<SwapJob> LeaveAJobAsync()
    {
        await _rig.Demo.SwitchAsync(new DemoFaults { LoadFactor = 40 });
        var job = await _rig.AcceptedAsync(Gemma);
        await _rig.WhenAsync(snapshot => snapshot.MainLane!.Swap is { State: SwapState.Loading });
        await _rig.StopAsync();
        return job;
    }

    private async Task WithoutApplianceAsync(string sql)
    {
        await using var database = await Database.OpenAsync(_rig.DatabasePath, CancellationToken.None);
        await database.WriteAsync((connection, transaction) => connection.Execute(sql, transaction: transaction), CancellationToken.None);
    }

    private Task ExecuteAsync(string sql) =>
        _rig.Get<Database>().WriteAsync((connection, transaction) => connection.Execute(sql, transaction: transaction), CancellationToken.None);
}
