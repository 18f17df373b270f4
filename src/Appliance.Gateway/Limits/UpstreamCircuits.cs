using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Limits;

/// <summary>
/// Remembers which servers could not be connected to, so that the next request is told at once instead of waiting for the same time-out: until the watch,
/// which looks every few seconds, knows better. Thread-safe.
/// </summary>
internal sealed class UpstreamCircuits(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Uri, Circuit> _circuits = [];

    /// <summary>How long nobody should try to connect to a server; null when this request may.</summary>
    public TimeSpan? FindPause(Upstream upstream)
    {
        lock (_gate)
        {
            if (!_circuits.TryGetValue(upstream.Address, out var circuit))
            {
                return null;
            }

            var now = time.GetElapsedTime(0);
            if (circuit.Closes(now) is { } pause)
            {
                return pause;
            }

            _circuits[upstream.Address] = circuit.Try(now);
            return null;
        }
    }

    /// <summary>A connection could not be made.</summary>
    /// <param name="upstream">The server.</param>
    /// <param name="began">When it was tried, by the clock's time stamps.</param>
    public void Failed(Upstream upstream, long began)
    {
        lock (_gate)
        {
            _circuits[upstream.Address] = _circuits.GetValueOrDefault(upstream.Address, Circuit.Closed).Fail(time.GetElapsedTime(0, began), time.GetElapsedTime(0));
        }
    }

    /// <summary>The server was reached.</summary>
    public void Reached(Upstream upstream)
    {
        lock (_gate)
        {
            _circuits.Remove(upstream.Address);
        }
    }
}
