using Appliance.Cluster.Swaps;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Appliance.Simulation;

public sealed class SwapSimulationTests(ITestOutputHelper output)
{
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("SIMULATION_RUNS"), out var runs) ? runs : 10_000;

    [Fact]
    public void Random_lives_with_faults_and_kills_break_no_rule_of_the_transaction()
    {
        var coverage = new HashSet<(SwapState, Fault)>();
        for (var seed = 1; seed <= Runs; seed++)
        {
            var schedule = new Schedule(seed, Mistake.None);
            schedule.Run();
            coverage.UnionWith(schedule.Coverage);
        }

        var all = (from state in Enum.GetValues<SwapState>().Where(state => !state.IsTerminal() && state != SwapState.Queued)
                   from fault in Enum.GetValues<Fault>()
                   select (state, fault)).ToArray();
        var missing = all.Except(coverage).ToArray();
        output.WriteLine($"{Runs} schedules; {all.Length - missing.Length} of {all.Length} pairs of state and fault were met. Missing: {string.Join(", ", missing)}");
        ((all.Length - missing.Length) / (double)all.Length).ShouldBeGreaterThanOrEqualTo(0.95);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_planted_mistake_is_found(string name)
    {
        var mistake = Enum.Parse<Mistake>(name);
        for (var seed = 1; seed <= 10_000; seed++)
        {
            try
            {
                new Schedule(seed, mistake).Run();
            }
            catch (InvariantException found)
            {
                output.WriteLine($"Found at seed {seed}: {found.Rule}");
                return;
            }
        }

        Assert.Fail($"{mistake} was not found in 10,000 schedules: the simulation is too weak.");
    }

    public static TheoryData<string> Mistakes() => [.. Enum.GetNames<Mistake>().Where(name => name != nameof(Mistake.None))];
}
