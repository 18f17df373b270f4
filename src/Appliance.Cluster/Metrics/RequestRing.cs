using System.Collections.Immutable;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Metrics;

/// <summary>
/// The newest requests, while the owner wants a list (<see cref="MetricsSettings.RequestLog"/>). In memory only: gone with the process, and as soon as the
/// setting is off. Thread-safe.
/// </summary>
public sealed class RequestRing(ISettings settings)
{
    /// <summary>An evening of a family, or a minute of a busy script; 500 records are some 100 KB.</summary>
    public const int Size = 500;

    private readonly Lock _gate = new();
    private readonly RequestRecord?[] _records = new RequestRecord?[Size];
    private int _next;

    /// <summary>Whether requests are kept.</summary>
    public bool IsOn => settings.Get(MetricsSettings.RequestLog);

    /// <summary>Keeps a request that has ended; does nothing while the list is off.</summary>
    public void Add(RequestRecord request)
    {
        var isOn = IsOn;
        lock (_gate)
        {
            if (isOn)
            {
                _records[_next] = request;
                _next = (_next + 1) % Size;
            }
            else
            {
                Forget_NeedsLock();
            }
        }
    }

    /// <summary>The newest requests, newest first; empty while the list is off.</summary>
    public ImmutableArray<RequestRecord> Read(int limit)
    {
        var isOn = IsOn;
        lock (_gate)
        {
            if (!isOn)
            {
                Forget_NeedsLock();
                return [];
            }

            return [.. Enumerable.Range(1, Size).Select(back => _records[(_next - back + Size) % Size]).OfType<RequestRecord>().Take(limit)];
        }
    }

    private void Forget_NeedsLock()
    {
        if (_records[(_next - 1 + Size) % Size] is not null)
        {
            Array.Clear(_records);
        }
    }
}
