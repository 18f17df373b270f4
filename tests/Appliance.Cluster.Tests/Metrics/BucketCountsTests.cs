using Appliance.Cluster.Metrics;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Metrics;

public sealed class BucketCountsTests
{
    [Theory]
    [InlineData(0.5, 1.5)]
    [InlineData(0.25, 1)]
    [InlineData(1, 4)]
    public void Quantile_lies_within_its_bucket(double share, double value) => new BucketCounts([1, 2, 4], [2, 4, 2, 0]).FindQuantile(share).ShouldBe(value);

    [Fact]
    public void Beyond_the_last_bound_nobody_knows_more() => new BucketCounts([1, 2], [0, 0, 3]).FindQuantile(0.5).ShouldBe(2);

    [Fact]
    public void Without_values_there_is_no_quantile() => new BucketCounts([1, 2], [0, 0, 0]).FindQuantile(0.5).ShouldBeNull();

    [Fact]
    public void Two_spreads_add_up()
    {
        var sum = new BucketCounts([1], [1, 2]).Add(new BucketCounts([1], [3, 4]));

        sum.Counts.ShouldBe([4, 6]);
        sum.Total.ShouldBe(10);
    }
}
