using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class StartLedgerTests : IAsyncLifetime
{
    private static readonly HostId Spark = HostId.Parse("spark-1");
    private static readonly ModelId Gemma = RepoId.Parse("google/gemma").Id;
    private static readonly ModelId Qwen = RepoId.Parse("Qwen/qwen").Id;
    private readonly TemporaryFolder _folder = new();
    private Database _database = null!;

    public async Task InitializeAsync() => _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_is_started_by_itself_three_times_in_half_an_hour_and_then_not_until_one_is_older()
    {
        var clock = new ManualClock();
        var ledger = await OpenAsync(clock);
        for (var start = 0; start < 3; start++)
        {
            ledger.FindRefusal(Gemma, [Spark]).ShouldBeNull();
            await ledger.NoteAsync(Gemma, [Spark], CancellationToken.None);
            clock.Advance(TimeSpan.FromMinutes(5));
        }

        ledger.FindRefusal(Gemma, [Spark]).ShouldBe("it was started by itself 3 times within half an hour");
        ledger.FindRefusal(Qwen, [Spark]).ShouldBeNull();

        clock.Advance(TimeSpan.FromMinutes(15));
        ledger.FindRefusal(Gemma, [Spark]).ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_sees_five_such_starts_in_a_day_whatever_the_models()
    {
        var clock = new ManualClock();
        var ledger = await OpenAsync(clock);
        for (var start = 0; start < 5; start++)
        {
            await ledger.NoteAsync(start % 2 == 0 ? Gemma : Qwen, [Spark], CancellationToken.None);
            clock.Advance(TimeSpan.FromHours(1));
        }

        ledger.FindRefusal(Gemma, [Spark]).ShouldNotBeNull();
        ledger.FindRefusal(Gemma, [HostId.Parse("spark-2")]).ShouldBeNull();

        clock.Advance(TimeSpan.FromHours(20));
        ledger.FindRefusal(Gemma, [Spark]).ShouldBeNull();
    }

    [Fact]
    public async Task Neither_a_restart_nor_a_clock_that_is_set_makes_starts_older()
    {
        var clock = new ManualClock();
        var ledger = await OpenAsync(clock);
        for (var start = 0; start < 3; start++)
        {
            await ledger.NoteAsync(Gemma, [Spark], CancellationToken.None);
        }

        clock.JumpWallClock(TimeSpan.FromDays(400));
        ledger.FindRefusal(Gemma, [Spark]).ShouldNotBeNull();

        var later = new ManualClock(clock.GetUtcNow().AddDays(30));
        var again = await OpenAsync(later);
        again.FindRefusal(Gemma, [Spark]).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_time_that_was_counted_is_kept_over_a_restart()
    {
        var clock = new ManualClock();
        var ledger = await OpenAsync(clock);
        for (var start = 0; start < 3; start++)
        {
            await ledger.NoteAsync(Gemma, [Spark], CancellationToken.None);
        }

        clock.Advance(TimeSpan.FromMinutes(20));
        await ledger.KeepAsync(CancellationToken.None);

        var later = new ManualClock();
        var again = await OpenAsync(later);
        later.Advance(TimeSpan.FromMinutes(11));
        again.FindRefusal(Gemma, [Spark]).ShouldBeNull();
    }

    private async Task<StartLedger> OpenAsync(ManualClock clock)
    {
        var ledger = new StartLedger(_database, clock);
        await ledger.LoadAsync(CancellationToken.None);
        return ledger;
    }
}
