using System.Diagnostics.Metrics;
using Appliance.Cluster.Metrics;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Metrics;

public sealed class MeterReaderTests : IDisposable
{
    private readonly Meter _meter = new("test.numbers");
    private readonly MeterReader _reader;

    public MeterReaderTests() => _reader = new MeterReader(instrument => instrument.Meter == _meter);

    public void Dispose()
    {
        _reader.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counter_adds_up_under_its_labels_and_is_called_total()
    {
        var counter = _meter.CreateCounter<long>("test.things", "{thing}", "Things");
        counter.Add(2, Tag("kind", "a"));
        counter.Add(3, Tag("kind", "a"));
        counter.Add(1, Tag("kind", "b"));

        var family = _reader.Read().ShouldHaveSingleItem();

        (family.Name, family.Kind, family.Help).ShouldBe(("test_things_total", MetricKind.Counter, "Things"));
        Values(family).ShouldBe(["a 5", "b 1"], ignoreOrder: true);
    }

    [Fact]
    public void Histogram_counts_a_value_in_the_first_bucket_that_holds_it()
    {
        var histogram = _meter.CreateHistogram("test.wait", "s", "Waiting", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        foreach (var value in new[] { 0.5, 1, 1.5, 7 })
        {
            histogram.Record(value);
        }

        var family = _reader.Read().ShouldHaveSingleItem();

        family.Name.ShouldBe("test_wait_seconds");
        var series = family.Series.ShouldHaveSingleItem();
        series.Value.ShouldBe(10);
        series.Buckets.ShouldNotBeNull().Counts.ShouldBe([2, 1, 1]);
    }

    [Fact]
    public void Gauge_that_is_no_longer_observed_is_gone()
    {
        var hosts = new List<string> { "a", "b" };
        _meter.CreateObservableGauge("test.free", () => hosts.Select(host => new Measurement<double>(0.5, Tag("host", host))), "1", "Free");
        Values(_reader.Read()[0]).Count().ShouldBe(2);

        hosts.Remove("a");

        var family = _reader.Read().ShouldHaveSingleItem();
        family.Name.ShouldBe("test_free_ratio");
        Values(family).ShouldBe(["b 0.5"]);
    }

    [Fact]
    public void What_goes_up_and_down_is_a_gauge_of_the_sum()
    {
        var running = _meter.CreateUpDownCounter<int>("test.running");
        running.Add(1);
        running.Add(1);
        running.Add(-1);

        var family = _reader.Read().ShouldHaveSingleItem();

        (family.Name, family.Kind, family.Series[0].Value).ShouldBe(("test_running", MetricKind.Gauge, 1));
    }

    [Fact]
    public void Labels_that_never_end_add_up_in_one_place()
    {
        var counter = _meter.CreateCounter<long>("test.made_up");
        for (var i = 0; i < InstrumentSeries.MostSeries + 50; i++)
        {
            counter.Add(1, Tag("name", $"{i}"));
        }

        var series = _reader.Read()[0].Series;

        series.Length.ShouldBe(InstrumentSeries.MostSeries + 1);
        series.Single(one => one.FindLabel("overflow") == "true").Value.ShouldBe(50);
    }

    [Fact]
    public void Foreign_meter_does_not_count()
    {
        using var foreign = new Meter("test.numbers");
        foreign.CreateCounter<long>("test.things").Add(1);

        _reader.Read().ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once()
    {
        var counter = _meter.CreateCounter<long>("test.things");
        var histogram = _meter.CreateHistogram<double>("test.wait");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, Tag("kind", i % 2 == 0 ? "even" : "odd"));
                histogram.Record(0.25);
            }
        })));

        var families = _reader.Read();
        families[0].Series.Sum(series => series.Value).ShouldBe(80_000);
        families[1].Series.ShouldHaveSingleItem().Value.ShouldBe(20_000);
    }

    [Fact]
    public void Same_label_names_with_other_values_are_other_series()
    {
        var counter = _meter.CreateCounter<long>("test.things");
        counter.Add(1, Tag("a", "x"), Tag("b", "y"));
        counter.Add(1, Tag("a", "y"), Tag("b", "x"));

        _reader.Read()[0].Series.Length.ShouldBe(2);
    }

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    private static IEnumerable<string> Values(MetricFamily family) => family.Series.Select(series => $"{series.Labels[0].Value} {series.Value}");
}
