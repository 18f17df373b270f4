using System.Text;
using Appliance.Cluster.Metrics;
using Appliance.Metrics;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Metrics;

public sealed class PrometheusPageTests
{
    [Fact]
    public void Histogram_counts_from_below_and_ends_without_a_bound() =>
        Write(new MetricFamily("wait_seconds", MetricKind.Histogram, "Waiting", [new MetricSeries([new("route", "/v1")], 4.5, new BucketCounts([0.1, 2.5], [1, 2, 1]))])).ShouldBe(
            """
            # HELP wait_seconds Waiting
            # TYPE wait_seconds histogram
            wait_seconds_bucket{route="/v1",le="0.1"} 1
            wait_seconds_bucket{route="/v1",le="2.5"} 3
            wait_seconds_bucket{route="/v1",le="+Inf"} 4
            wait_seconds_sum{route="/v1"} 4.5
            wait_seconds_count{route="/v1"} 4

            """);

    [Fact]
    public void Text_in_a_label_cannot_leave_it() =>
        Write(new MetricFamily("x", MetricKind.Gauge, "one\ntwo \\", [new MetricSeries([new("name", "a\"} 1\nb\\")], 1, null)])).ShouldBe(
            """
            # HELP x one\ntwo \\
            # TYPE x gauge
            x{name="a\"} 1\nb\\"} 1

            """);

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e21, "1E+21")]
    public void Every_number_has_its_spelling(double value, string text) =>
        Write(new MetricFamily("x", MetricKind.Gauge, "x", [new MetricSeries([], value, null)])).ShouldEndWith($"\nx {text}\n");

    private static string Write(MetricFamily family) => Encoding.UTF8.GetString(PrometheusPage.Write([family]));
}
