using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Appliance.TestKit.Given.Given;

namespace Appliance.Cluster.Tests.Reservations;

/// <summary>What is kept and told of reservations, on a real database and a clock that stands.</summary>
#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime.
public sealed class ReservationKeeperTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly SwapMailbox _mailbox = new();
    private ClusterView _view = null!;
    private EpochCounter _epochs = null!;
    private Database _database = null!;
    private EventLog _events = null!;
    private ReservationAlarm _alarm = null!;
    private ReservationKeeper _keeper = null!;

    private Reservation? Shown => _view.Current.MainLane!.Reservation?.At(ClockReading.Of(_clock));

    public async Task InitializeAsync()
    {
        var home = ClusterDefinition.Empty with { Lanes = [MainLane] };
        _view = new ClusterView(new FixedTopology(home), _clock);
        _epochs = new EpochCounter();
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
        _events = new EventLog(_database, _view, NullLogger<EventLog>.Instance);
        _alarm = new ReservationAlarm(_mailbox, _clock);
        _keeper = new ReservationKeeper(new ReservationStore(_database), _events, _view, _epochs, _alarm, new SwapDecisions(), RandomNumberGenerator.Create(), _clock);
        await _keeper.RestoreAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_reservation_survives_a_restart_with_holder_epoch_token_and_its_whole_time()
    {
        var granted = await GrantedAsync("nightly", 600, "evaluation");
        _clock.Advance(TimeSpan.FromMinutes(9));
        _clock.JumpWallClock(TimeSpan.FromDays(300));
        await RestartAsync();

        var held = Shown.ShouldNotBeNull();
        (held.Holder, held.Note, held.Epoch).ShouldBe(("nightly", "evaluation", granted.Reservation.Epoch));
        held.Left.ShouldBe(TimeSpan.FromMinutes(10));
        _keeper.FindObstacle(LaneId.Main, LanePass.None).ShouldBeOfType<SwapOutcome.Locked>().By.Holder.ShouldBe("nightly");
        _keeper.FindObstacle(LaneId.Main, LanePass.Of(TokenHash.Of("guess"))).ShouldBeOfType<SwapOutcome.WrongToken>();
        _keeper.FindObstacle(LaneId.Main, LanePass.Of(granted.Token.Hash)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_keeps_the_token_that_holds_the_lane_and_neither_force_nor_another_token()
    {
        var old = LanePass.Of((await GrantedAsync("first")).Token.Hash);
        (await ReleaseAsync(LanePass.Force())).ShouldBeOfType<ReservationOutcome.Freed>();
        _keeper.Keep(LaneId.Main, old with { IsForced = true }).ShouldBe(LanePass.None);
        var pass = LanePass.Of((await GrantedAsync("second")).Token.Hash);

        _keeper.Keep(LaneId.Main, pass with { IsForced = true }).ShouldBe(pass);
        _keeper.Keep(LaneId.Main, old with { IsForced = true }).ShouldBe(LanePass.None);
        _keeper.Keep(LaneId.Main, LanePass.Force()).ShouldBe(LanePass.None);
    }

    [Fact]
    public async Task An_extension_and_its_new_length_survive_a_restart_and_are_no_event()
    {
        var granted = await GrantedAsync("nightly", 60);
        (await AcquireAsync("nightly", 1200, token: granted.Token)).ShouldBeOfType<ReservationOutcome.Extended>();
        await RestartAsync();

        Shown!.Left.ShouldBe(TimeSpan.FromMinutes(20));
        (await TypesAsync()).ShouldBe([EventTypes.LockAcquired]);
    }

    [Fact]
    public async Task What_was_given_back_stays_given_back_and_its_token_is_still_known_after_a_restart()
    {
        var first = await GrantedAsync("first");
        (await ReleaseAsync(LanePass.Of(first.Token.Hash))).ShouldBeOfType<ReservationOutcome.Freed>();
        await RestartAsync();
        Shown.ShouldBeNull();
        var second = await GrantedAsync("second");

        (await ReleaseAsync(LanePass.Of(first.Token.Hash))).ShouldBeOfType<ReservationOutcome.Unchanged>().Now!.Holder.ShouldBe("second");
        second.Reservation.Epoch.ShouldBeGreaterThan(first.Reservation.Epoch);
        (await TypesAsync()).ShouldBe([EventTypes.LockAcquired, EventTypes.LockReleased, EventTypes.LockAcquired]);
    }

    [Fact]
    public async Task An_end_by_force_is_told_with_who_did_it_and_raises_the_epoch_for_good()
    {
        var granted = await GrantedAsync("nightly");
        (await ReleaseAsync(LanePass.Force())).ShouldBeOfType<ReservationOutcome.Freed>();
        _epochs.Last.ShouldBe(granted.Reservation.Epoch + 1);

        var forced = (await EventsAsync())[^1];
        forced.Type.ShouldBe(EventTypes.LockForced);
        forced.Severity.ShouldBe(EventSeverity.Warning);
        forced.Sentence.ShouldBe("The reservation of nightly was ended by Alice");
        forced.Details["by"].ShouldBe("Alice");
        forced.Details["epoch"].ShouldBe(_epochs.Last.ToString());

        await RestartAsync();
        _epochs.Last.ShouldBe(granted.Reservation.Epoch + 1);
        (await GrantedAsync("other")).Reservation.Epoch.ShouldBe(granted.Reservation.Epoch + 2);
    }

    [Fact]
    public async Task One_that_runs_out_wakes_the_loop_is_told_once_and_is_shown_no_more()
    {
        await GrantedAsync("nightly", 30);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Shown.ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await WokenAsync();

        await _keeper.LookAsync(CancellationToken.None);
        await _keeper.LookAsync(CancellationToken.None);

        _view.Current.MainLane!.Reservation.ShouldBeNull();
        (await TypesAsync()).ShouldBe([EventTypes.LockAcquired, EventTypes.LockExpired]);
        _clock.PendingTimers.ShouldBe(0);
        await RestartAsync();
        Shown.ShouldBeNull();
    }

    [Fact]
    public async Task The_end_that_people_see_follows_a_wall_clock_that_was_set_within_a_minute()
    {
        await GrantedAsync("nightly", 3600);
        _clock.JumpWallClock(TimeSpan.FromHours(2));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await WokenAsync();
        await _keeper.LookAsync(CancellationToken.None);

        _view.Current.MainLane!.Reservation!.ExpiresAt.ShouldBe(_clock.GetUtcNow().AddMinutes(59));
    }

    [Fact]
    public async Task Looking_again_tells_viewers_nothing_new()
    {
        await GrantedAsync("nightly", 3600);
        var generation = _view.Current.Generation;
        _clock.Advance(TimeSpan.FromMinutes(1));

        await _keeper.LookAsync(CancellationToken.None);

        _view.Current.Generation.ShouldBe(generation);
    }

    [Fact]
    public async Task T29_neither_the_file_nor_the_events_hold_the_token()
    {
        var granted = await GrantedAsync("nightly");
        var token = granted.Token.Reveal();
        await ReleaseAsync(LanePass.Of(granted.Token.Hash));
        await CloseAsync();

        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(token, Case.Sensitive, file);
        }
    }

    [Fact]
    public async Task A_grant_that_a_sick_disk_left_half_known_does_not_block_the_lane()
    {
        await GrantedAsync("lost");
        await RestartAsync();
        await _database.WriteAsync((connection, transaction) => connection.Execute("UPDATE reservations SET holder = 'ghost'", transaction: transaction), CancellationToken.None);
        _keeper = new ReservationKeeper(new ReservationStore(_database), _events, _view, _epochs, _alarm, new SwapDecisions(), RandomNumberGenerator.Create(), _clock);

        (await AcquireAsync("nightly")).ShouldBeOfType<ReservationOutcome.Granted>();
        await RestartAsync();
        Shown!.Holder.ShouldBe("nightly");
    }

    [Fact]
    public async Task A_lane_that_does_not_exist_is_refused_with_those_that_do()
    {
        var ask = ReservationAsk.TryCreate(LaneId.Parse("attic"), "nightly")!;

        (await _keeper.AcquireAsync(ask, CancellationToken.None)).ShouldBeOfType<ReservationOutcome.UnknownLane>().Known.ShouldBe(["main"]);
        (await _keeper.ReleaseAsync(ask.Lane, LanePass.Force(), "Alice", CancellationToken.None)).ShouldBeOfType<ReservationOutcome.UnknownLane>();
    }

    [Fact]
    public async Task Old_reservations_do_not_pile_up()
    {
        await _database.WriteAsync(
            (connection, transaction) => connection.Execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
                INSERT INTO reservations (epoch, lane, holder, token_sha256, ttl_ms, acquired_at, ended_at) SELECT i, 'main', 'old', zeroblob(32), 1000, 0, 0 FROM n
                """,
                transaction: transaction),
            CancellationToken.None);
        await RestartAsync();

        (await GrantedAsync("nightly")).Reservation.Epoch.ShouldBe(1501);

        (await _database.ReadAsync(connection => connection.QuerySingle<long>("SELECT count(*) FROM reservations"), CancellationToken.None)).ShouldBe(1000);
    }

    private async Task RestartAsync()
    {
        await CloseAsync();
        await InitializeAsync();
    }

    private async Task CloseAsync()
    {
        _alarm.Dispose();
        await _database.DisposeAsync();
    }

    private async Task WokenAsync()
    {
        await foreach (var command in _mailbox.ReadAllAsync(CancellationToken.None))
        {
            command.ShouldBeOfType<SwapCommand.LookAtReservations>();
            return;
        }
    }

    private Task<ReservationOutcome> AcquireAsync(string holder, double ttl = 60, string? note = null, ReservationToken? token = null) =>
        _keeper.AcquireAsync(ReservationAsk.TryCreate(LaneId.Main, holder, note, ttl, token?.Hash)!, CancellationToken.None);

    private async Task<ReservationOutcome.Granted> GrantedAsync(string holder, double ttl = 60, string? note = null) =>
        (await AcquireAsync(holder, ttl, note)).ShouldBeOfType<ReservationOutcome.Granted>();

    private Task<ReservationOutcome> ReleaseAsync(LanePass pass) => _keeper.ReleaseAsync(LaneId.Main, pass, "Alice", CancellationToken.None);

    private Task<ImmutableArray<ApplianceEvent>> EventsAsync() => _events.ReadAsync(0, null, 100, CancellationToken.None);

    private async Task<string[]> TypesAsync() => [.. (await EventsAsync()).Select(happened => happened.Type)];
}
