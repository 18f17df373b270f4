using Appliance.Cluster.Fit;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Fit;

public class FitCheckTests
{
    // A DGX Spark: MemTotal 127,600,748 kB.
    private static readonly ByteSize Spark = ByteSize.FromKibibytes(127_600_748);

    [Fact]
    public void A_model_that_fits_says_what_it_reserves()
    {
        var verdict = Decide("0.8", 22, Host(available: 118)).ShouldNotBeNull();

        verdict.IsOk.ShouldBeTrue();
        verdict.IsEstimated.ShouldBeTrue();
        verdict.Why.ShouldBe("Reserves 105 GB of the 118 GB that would be free on Spark 1; about 22 GB of it are weights.");
    }

    [Fact]
    public void The_share_must_be_free_even_when_the_weights_are_small()
    {
        var verdict = Decide("0.8", 22, Host(available: 60)).ShouldNotBeNull();

        verdict.IsOk.ShouldBeFalse();
        verdict.Why.ShouldBe("Its recipe reserves 105 GB on Spark 1, but only 60 GB would be free there.");
    }

    [Fact]
    public void What_the_present_model_gives_back_counts() => Decide("0.8", 22, Host(available: 20, givenBack: 98)).ShouldNotBeNull().IsOk.ShouldBeTrue();

    [Fact]
    public void A_model_larger_than_its_share_or_than_the_machine_is_refused_with_numbers()
    {
        Decide("0.4", 60, Host(available: 118)).ShouldNotBeNull().Why.ShouldBe("Needs about 66 GB, but its recipe allows it only 52 GB of Spark 1's memory.");
        Decide("0.9", 240, Host(available: 118)).ShouldNotBeNull().Why.ShouldBe("Needs about 246 GB, more than the 131 GB that Spark 1 has.");
    }

    [Fact]
    public void A_cluster_splits_the_weights_and_the_tightest_host_decides()
    {
        Decide("0.8", 120, Host(available: 118), Host(available: 118, name: "Spark 2")).ShouldNotBeNull().IsOk.ShouldBeTrue();
        Decide("0.8", 120, Host(available: 118), Host(available: 80, name: "Spark 2")).ShouldNotBeNull().Why.ShouldContain("Spark 2");
    }

    [Fact]
    public void Unknown_memory_is_no_verdict_and_never_a_yes()
    {
        Decide("0.8", 22, new FitHost("Spark 1", null, null, ByteSize.Zero)).ShouldBeNull();
        Decide("0.8", 22, Host(available: 118), new FitHost("Spark 2", Spark, null, ByteSize.Zero)).ShouldBeNull();
        Decide("0.8", 22).ShouldBeNull();
    }

    [Fact]
    public void A_stuck_model_whose_memory_nobody_knows_does_not_block_a_swap()
    {
        var stuck = new FitHost("Spark 1", Spark, ByteSize.FromGigabytes(10), GivenBack: null);

        Decide("0.8", 22, stuck).ShouldBeNull();
        Decide("0.8", 300, stuck).ShouldNotBeNull().IsOk.ShouldBeFalse();
    }

    [Fact]
    public void The_share_comes_from_the_recipe_in_either_form_or_is_vllms_default()
    {
        FitCheck.Claim(Sample("0.5"), new ByteSize(1000)).ShouldBe(new ByteSize(500));
        FitCheck.Claim(Sample(null), new ByteSize(1000)).ShouldBe(new ByteSize(900));
        FitCheck.Claim(Sample(null) with { Arguments = ["--gpu-memory-utilization", "0.25"] }, new ByteSize(1000)).ShouldBe(new ByteSize(250));
        FitCheck.Claim(Sample(null) with { Arguments = ["--gpu-memory-utilization-gb=108"] }, Spark).Bytes.ShouldBe(108L << 30);
    }

    [Fact]
    public void More_free_memory_never_turns_a_yes_into_a_no() => Prop.ForAll(
        Gen.Choose(1, 300).Two().Zip(Gen.Choose(0, 130).Two()).ToArbitrary(),
        input =>
        {
            var ((weights, percent), (less, more)) = input;
            var share = (percent % 100 / 100.0 + 0.01).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
            var tight = Decide(share, weights, Host(Math.Min(less, more)));
            var roomy = Decide(share, weights, Host(Math.Max(less, more)));
            return tight is not null && roomy is not null && (!tight.IsOk || roomy.IsOk);
        }).QuickCheckThrowOnFailure();

    private static FitVerdict? Decide(string share, double gigabytes, params FitHost[] hosts) =>
        FitCheck.Decide(Sample(share), ByteSize.FromGigabytes(gigabytes), [.. hosts]);

    private static FitHost Host(double available, double givenBack = 0, string name = "Spark 1") =>
        new(name, Spark, ByteSize.FromGigabytes(available), ByteSize.FromGigabytes(givenBack));

    private static Recipe Sample(string? share) => new()
    {
        Repo = RepoId.Parse("org/name"),
        Name = "Name",
        ServedName = "org/name",
        Placement = RecipePlacement.Any,
        Source = RecipeSource.Operator,
        Arguments = share is null ? [] : [$"--gpu-memory-utilization={share}"],
    };
}
