using Appliance.Cluster.Routing;
using Microsoft.Extensions.Logging;

namespace Appliance.Gateway.Holding;

/// <summary>
/// Where requests wait for a model that is being loaded. One watcher asks for all of them whenever something changed, and lets them go in the order in which
/// they came. Bounded in requests and in bytes. Thread-safe.
/// </summary>
/// <param name="upstreams">Who is asked.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of a lookup that failed.</param>
/// <param name="stopping">The appliance ends: everybody is told to come back at once, instead of being cut off when its time to end is over.</param>
internal sealed partial class HoldRoom(IUpstreams upstreams, TimeProvider time, ILogger<HoldRoom> logger, CancellationToken stopping) : IAsyncDisposable
{
    /// <summary>A waiting request is a connection and a small object; more callers than these are no home.</summary>
    public const int MostRequests = 1_000;

    /// <summary>Half of what bodies may take together, so that requests for models that do answer still find room (see <see cref="Bodies.BodyBudget"/>).</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <summary>What changes without a sign (the definition of the home) is seen after this long.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<HeldPlace> _places = [];
    private readonly CancellationTokenSource _closing = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private Task _watching = Task.CompletedTask;
    private bool _isWatching;
    private long _bytes;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>Enters the room; null when it is full. Dispose the place to leave.</summary>
    /// <param name="model">The name as it was asked for.</param>
    /// <param name="task">What the model is asked for.</param>
    /// <param name="bytes">The memory that the waiting request takes.</param>
    public HeldPlace? TryEnter(string? model, UpstreamTask task, long bytes)
    {
        lock (_gate)
        {
            if (_places.Count >= MostRequests || _bytes + bytes > MostBytes)
            {
                return null;
            }

            _bytes += bytes;
            var place = new HeldPlace(this, model, task, bytes);
            _places.AddLast(place.Node);
            if (!_isWatching)
            {
                _isWatching = true;
                _watching = Task.Run(WatchAsync, CancellationToken.None);
            }

            return place;
        }
    }

    /// <summary>Somebody leaves.</summary>
    internal void Leave(HeldPlace place)
    {
        lock (_gate)
        {
            if (place.Node.List is not null)
            {
                _places.Remove(place.Node);
                _bytes -= place.Bytes;
            }
        }
    }

    /// <summary>Waits for the release of a place, at most for a time. Cancellation is the caller who left.</summary>
    internal async Task<bool> WaitAsync(HeldPlace place, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping, cancellationToken);
        await place.Released.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return place.Released.IsCompleted;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watching;
        _closing.Dispose();
    }

    /// <summary>Runs while somebody waits.</summary>
    private async Task WatchAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            // Taken before looking: a change in between has already rung this bell.
            var change = upstreams.NextChange;
            try
            {
                if (!Release())
                {
                    return;
                }
            }
            catch (Exception error)
            {
                LogNotLooked(error);
            }

            using var anyway = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            await Task.WhenAny(change, Task.Delay(LookAnyway, time, anyway.Token));
            await anyway.CancelAsync();
        }
    }

    /// <summary>Lets go whose model is no longer on the way, oldest first. False when nobody is left, and then the watcher has ended.</summary>
    private bool Release()
    {
        HeldPlace[] places;
        lock (_gate)
        {
            if (_places.Count == 0)
            {
                _isWatching = false;
                return false;
            }

            places = [.. _places.Where(place => !place.Released.IsCompleted)];
        }

        var coming = new Dictionary<(string?, UpstreamTask), bool>();
        foreach (var place in places)
        {
            var key = (place.Model?.ToLowerInvariant(), place.Task);
            if (!coming.TryGetValue(key, out var isComing))
            {
                coming[key] = isComing = upstreams.Find(place.Model, place.Task) is UpstreamMatch.Loading;
            }

            if (!isComing)
            {
                place.Release();
            }
        }

        return true;
    }

    [LoggerMessage(LogLevel.Error, "The waiting requests could not be looked through; they are looked at again")]
    private partial void LogNotLooked(Exception error);
}
