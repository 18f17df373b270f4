namespace Appliance.Gateway.Forwarding;

/// <summary>Ends a request whose upstream is too slow with its first byte, where that has to come sooner than the next ones.</summary>
internal sealed class FirstByteLimit : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _source;

    public FirstByteLimit(TimeSpan limit, CancellationToken cancellationToken)
    {
        _limit = limit;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(limit);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The upstream was just sent something: count anew.</summary>
    public void Restart() => _source.CancelAfter(_limit);

    /// <summary>The first byte is there.</summary>
    public void Stop() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => _source.Dispose();
}
