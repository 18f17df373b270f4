using System.Diagnostics.Metrics;
using System.Globalization;
using Appliance.Cluster.Metrics;
using Appliance.TestKit.Time;

namespace Appliance.Gateway.Tests.Measuring;

/// <summary>Listens to the meter of one gateway and writes down every value, as <c>name{tags} value</c>.</summary>
internal sealed class RecordedRequests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<string> _lines = [];
    private readonly SemaphoreSlim _ended = new(0);

    public RecordedRequests(RequestMeter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter.Meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, null, tags));
        _listener.Start();
    }

    /// <summary>What was written down; times have no value, because no two runs have the same.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits for one more request to be added up, which happens just after its answer has left.</summary>
    public Task WaitForEndAsync() => _ended.WaitAsync().DefaultTimeout();

    public void Dispose()
    {
        _listener.Dispose();
        _ended.Dispose();
    }

    private void Add(Instrument instrument, long? value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var words = string.Join(' ', tags.ToArray().Select(tag => tag.Value));
        lock (_lines)
        {
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name["appliance.gateway.".Length..]} {words} {value}").TrimEnd());
        }

        if (instrument.Name == "appliance.gateway.requests")
        {
            _ended.Release();
        }
    }
}
