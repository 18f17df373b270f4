using Appliance.Simulation.Mistakes;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Appliance.Simulation;

/// <summary>The real engine in thousands of random lives. <c>make simulate</c> lives more of them.</summary>
public sealed class SwapSimulationTests(ITestOutputHelper output)
{
    private const int Lives = 10_000;

    private const double Covered = 0.95;

    // A mistake that so many lives do not meet would not be found by anybody.
    private const int LivesForAMistake = 3000;

    [Fact]
    public void Random_lives_with_faults_and_kills_break_no_rule_of_the_transaction()
    {
        var campaign = new Campaign(first: 1, Lives);

        campaign.Run();

        output.WriteLine(campaign.Coverage);
        campaign.Broken.ShouldBeNull($"{campaign.Broken?.Message}\nThe whole life again: make simulate N=1 SEED={campaign.Broken?.Seed}");
        campaign.Covered.ShouldBeGreaterThanOrEqualTo(Covered, campaign.Coverage);
    }

    [Fact]
    public void A_life_is_the_same_again_for_the_same_seed()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            using var once = new Schedule(seed, Mistake.None);
            using var again = new Schedule(seed, Mistake.None);
            once.Run();
            again.Run();

            again.Trace.ShouldBe(once.Trace);
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_planted_mistake_is_found(string name)
    {
        var campaign = new Campaign(first: 1, LivesForAMistake, Enum.Parse<Mistake>(name));

        campaign.Run();

        campaign.Broken.ShouldNotBeNull($"{name} was not found in {LivesForAMistake} lives: the simulation is too weak.");
        output.WriteLine($"Found by seed {campaign.Broken.Seed}: {campaign.Broken.Rule}");
    }

    public static TheoryData<string> Mistakes() => [.. Enum.GetNames<Mistake>().Where(name => name != nameof(Mistake.None))];
}
