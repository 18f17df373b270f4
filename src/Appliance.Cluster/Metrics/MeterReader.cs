using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Appliance.Cluster.Metrics;

/// <summary>
/// Listens to the meters of this appliance from its start and adds up what they measure, until somebody wants to read it. Nothing is sent anywhere.
/// Thread-safe.
/// </summary>
public sealed class MeterReader : IDisposable
{
    private readonly Lock _reading = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();
    private readonly MeterListener _listener = new();

    /// <param name="isWanted">Which instruments are listened to. Meters are known to the whole process, so it also says whose.</param>
    public MeterReader(Func<Instrument, bool> isWanted)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (isWanted(instrument))
            {
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, static key => new InstrumentSeries(key)));
            }
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((InstrumentSeries)state!).Add(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((InstrumentSeries)state!).Add(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((InstrumentSeries)state!).Add(value, tags));
        _listener.Start();
    }

    /// <summary>Everything at this moment, ordered by name.</summary>
    public ImmutableArray<MetricFamily> Read()
    {
        lock (_reading)
        {
            foreach (var instrument in _instruments.Values)
            {
                instrument.Forget();
            }

            _listener.RecordObservableInstruments();
            return [.. _instruments.Values.Select(instrument => instrument.Read()).Where(family => !family.Series.IsEmpty).OrderBy(family => family.Name, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
