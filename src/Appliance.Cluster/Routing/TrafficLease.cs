namespace Appliance.Cluster.Routing;

/// <summary>One request in work, from <see cref="GatewayTraffic.Begin"/> until it is disposed; disposing twice counts once. Thread-safe.</summary>
public sealed class TrafficLease : IDisposable
{
    private readonly Action _end;
    private int _isEnded;

    internal TrafficLease(Action end, CancellationToken cut)
    {
        (_end, Cut) = (end, cut);
    }

    /// <summary>
    /// Cancelled when the request may no longer go on, because the model behind it is about to be stopped. Its caller has to be told that the answer is not
    /// whole.
    /// </summary>
    public CancellationToken Cut { get; }

    /// <summary>Ends the request.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) == 0)
        {
            _end();
        }
    }
}
