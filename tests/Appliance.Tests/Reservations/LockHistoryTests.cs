using Appliance.TestKit.Time;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Appliance.Tests.Reservations;

/// <summary>
/// Many clients at once against a real appliance over real connections: some lose their patience, the clock moves and the wall clock jumps, the appliance is
/// cut off and started again. Whatever they were told, it must be possible that it happened one after the other.
/// </summary>
public sealed class LockHistoryTests(ITestOutputHelper output)
{
    private const int Calm = 15;
    private const int Kills = 4;
    private static readonly double[] Waits = [0.1, 0.5, 0.9, 1, 2, 5, 30];
    private static readonly double[] Jumps = [-3e8, -3600, -2, 2, 3600, 3e8];

    [Fact]
    public async Task Histories_of_impatient_clients_under_a_jumping_clock_are_linearizable()
    {
        await using var appliance = await LivingAppliance.StartAsync();
        var operations = 0;
        for (var i = 0; i < Calm; i++)
        {
            operations += await RunAsync(appliance, 1000 + i, isKilled: false);
        }

        output.WriteLine($"{Calm} histories with {operations} operations");
    }

    [Fact]
    public async Task Histories_across_a_kill_of_the_appliance_are_linearizable()
    {
        await using var appliance = await LivingAppliance.StartAsync();
        var operations = 0;
        for (var i = 0; i < Kills; i++)
        {
            operations += await RunAsync(appliance, 9000 + i, isKilled: true);
        }

        output.WriteLine($"{Kills} histories with {operations} operations");
    }

    private static async Task<int> RunAsync(LivingAppliance appliance, int seed, bool isKilled)
    {
        await PrepareAsync(appliance);
        var random = new Random(seed);
        var history = new LockHistory(half: random.Next(15, 60));
        var gate = new Gate(appliance.Client.BaseAddress!);
        var clients = random.Next(8, 25);
        var each = 96 / clients;
        var tasks = Enumerable.Range(1, clients)
            .Select(number => LiveAsync(gate, client => new LockClient(number, (seed * 100) + number, history, client, 0.1).LiveAsync(each)))
            .Append(LiveAsync(gate, client => MoveClockAsync(appliance, history, client, new Random(seed), 8)))
            .ToList();
        if (isKilled)
        {
            tasks.Add(KillAsync(appliance, history, gate));
        }

        await Task.WhenAll(tasks).DefaultTimeout();
        history.FindFault().ShouldBeNull($"seed {seed}");
        return history.Count;
    }

    /// <summary>A free lane that has settled: what happened before is another history.</summary>
    private static async Task PrepareAsync(LivingAppliance appliance)
    {
        appliance.Clock.Advance(TimeSpan.FromSeconds(60));
        (await appliance.SendAsync(HttpMethod.Delete, "/api/swap/lock?force=true")).Status.ShouldBe(200);
        appliance.Clock.Advance(TimeSpan.FromSeconds(60));
    }

    /// <summary>Every client has connections of its own.</summary>
    private static async Task LiveAsync(Gate gate, Func<Func<Task<HttpClient>>, Task> live)
    {
        HttpClient? http = null;
        await Task.Yield();
        try
        {
            await live(async () =>
            {
                var address = await gate.WhenOpenAsync();
                if (http?.BaseAddress != address)
                {
                    http?.Dispose();
                    http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
                }

                return http!;
            });
        }
        finally
        {
            http?.Dispose();
        }
    }

    private static async Task MoveClockAsync(LivingAppliance appliance, LockHistory history, Func<Task<HttpClient>> whenUp, Random random, int moves)
    {
        var onlooker = new LockClient(0, random.Next(), history, whenUp, 0);
        for (var i = 0; i < moves; i++)
        {
            if (random.Next(3) == 0)
            {
                appliance.Clock.JumpWallClock(TimeSpan.FromSeconds(Jumps[random.Next(Jumps.Length)]));
            }

            history.Pass(Waits[random.Next(Waits.Length)], appliance.Clock.Leap);
            await onlooker.GetAsync(await whenUp(), isExact: true);
        }
    }

    private static async Task KillAsync(LivingAppliance appliance, LockHistory history, Gate gate)
    {
        await history.HalfOver.DefaultTimeout();
        gate.Close();
        var call = LockHistory.Now();
        await appliance.StopAsync();
        history.Killed();
        await appliance.StartAgainAsync();
        history.Add("killed and started again", call, LockModel.Restarted);
        gate.Open(appliance.Client.BaseAddress!);
    }

    /// <summary>Where the appliance is; closed while it is away.</summary>
    private sealed class Gate(Uri address)
    {
        private volatile TaskCompletionSource<Uri> _open = Opened(address);

        public Task<Uri> WhenOpenAsync() => _open.Task;

        public void Close() => _open = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open(Uri at) => _open.SetResult(at);

        private static TaskCompletionSource<Uri> Opened(Uri at)
        {
            var open = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
            open.SetResult(at);
            return open;
        }
    }
}
