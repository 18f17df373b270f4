using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Appliance.Cluster.Metrics;

/// <summary>Adds up what one instrument measures, one series for each set of tags. Thread-safe.</summary>
internal sealed class InstrumentSeries
{
    /// <summary>
    /// Series of one instrument; what comes beyond is added up under the label <c>overflow</c>. Our own labels are bounded by what the cluster has, so this is
    /// for mistakes and for the framework's.
    /// </summary>
    internal const int MostSeries = 1_000;

    private static readonly ImmutableArray<double> UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly Instrument _instrument;
    private readonly MetricKind _kind;
    private readonly bool _isWhole;
    private readonly ImmutableArray<double> _bounds;
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Cell> _cells = new(new TagsComparer());
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Cell>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;

    public InstrumentSeries(Instrument instrument)
    {
        _instrument = instrument;
        _byTags = _cells.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        var type = instrument.GetType();
        var kind = type.GetGenericTypeDefinition();
        _kind = kind == typeof(Histogram<>) ? MetricKind.Histogram
            : kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
        _isWhole = instrument.IsObservable || kind == typeof(Gauge<>);
        _bounds = _kind == MetricKind.Histogram ? FindBounds(instrument) : [];
    }

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_byTags.TryGetValue(tags, out var cell))
        {
            cell = _cells.Count < MostSeries ? _cells.GetOrAdd(tags.ToArray(), NewCell) : _cells.GetOrAdd(Overflow, NewCell);
        }

        cell.Add(value, _isWhole);
    }

    /// <summary>Forgets what was observed: what is not observed again is no longer there.</summary>
    public void Forget()
    {
        if (_instrument.IsObservable)
        {
            _cells.Clear();
        }
    }

    public MetricFamily Read() => new(
        MetricNames.Of(_instrument, _kind),
        _kind,
        _instrument.Description ?? _instrument.Name,
        [.. _cells.Select(pair => pair.Value.Read(MetricNames.Labels(pair.Key)))]);

    private static ImmutableArray<double> FindBounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        _ => UsualBounds,
    };

    private Cell NewCell(KeyValuePair<string, object?>[] tags) => new(_bounds, _kind == MetricKind.Histogram);

    private sealed class Cell(ImmutableArray<double> bounds, bool isHistogram)
    {
        private readonly Lock _gate = new();
        private readonly long[] _counts = isHistogram ? new long[bounds.Length + 1] : [];
        private double _value;

        public void Add(double value, bool isWhole)
        {
            lock (_gate)
            {
                _value = isWhole ? value : _value + value;
                if (isHistogram)
                {
                    _counts[FindBucket(value)]++;
                }
            }
        }

        public MetricSeries Read(ImmutableArray<KeyValuePair<string, string>> labels)
        {
            lock (_gate)
            {
                return new MetricSeries(labels, _value, isHistogram ? new BucketCounts(bounds, [.. _counts]) : null);
            }
        }

        private int FindBucket(double value)
        {
            var bucket = 0;
            while (bucket < bounds.Length && value > bounds[bucket])
            {
                bucket++;
            }

            return bucket;
        }
    }
}
