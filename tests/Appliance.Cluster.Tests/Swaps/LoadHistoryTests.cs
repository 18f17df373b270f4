using Appliance.Cluster.Swaps;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Swaps;

public sealed class LoadHistoryTests
{
    [Fact]
    public void Without_a_start_nothing_is_promised() => LoadHistory.Estimate([], "a").ShouldBeNull();

    [Fact]
    public void Later_starts_are_measured_by_later_starts() => Estimate("a", ("a", 800), ("a", 40), ("a", 44), ("a", 60)).ShouldBe((44, 60, 3));

    [Fact]
    public void Before_the_second_start_the_first_is_all_there_is() => Estimate("a", ("a", 800)).ShouldBe((800, 800, 1));

    [Fact]
    public void A_new_image_is_measured_by_the_first_starts_of_images() => Estimate("c", ("a", 800), ("a", 40), ("b", 700), ("b", 41)).ShouldBe((700, 800, 2));

    [Fact]
    public void An_image_that_nobody_knows_is_taken_for_the_last_one()
    {
        Estimate(null, ("a", 800), ("a", 40), (null, 42)).ShouldBe((40, 42, 2));
        Estimate("a", (null, 30), (null, 31)).ShouldBe((31, 31, 1));
    }

    [Fact]
    public void An_image_that_comes_back_compiles_again() => Estimate("a", ("a", 800), ("b", 700), ("b", 41)).ShouldBe((700, 800, 2));

    private static (double P50, double P90, int Samples) Estimate(string? image, params (string? Image, int Seconds)[] starts)
    {
        var estimate = LoadHistory.Estimate([.. starts.Select(start => new LoadHistory.Start(TimeSpan.FromSeconds(start.Seconds), start.Image))], image).ShouldNotBeNull();
        return (estimate.P50.TotalSeconds, estimate.P90.TotalSeconds, estimate.Samples);
    }
}
