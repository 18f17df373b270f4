namespace Appliance.Hosts.Ssh;

/// <summary>Lets a limited number of commands run on one host, and a limited number wait, for a limited time.</summary>
internal sealed class SessionGate(int sessions, int waiting, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _free = new(sessions);
    private int _waiting;

    /// <summary>A place, to be disposed of after the command; null when there are too many before us or none gets free in time.</summary>
    public async Task<IDisposable?> TryEnterAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_free.Wait(0, cancellationToken))
        {
            return new Place(_free);
        }

        try
        {
            if (Interlocked.Increment(ref _waiting) > waiting)
            {
                return null;
            }

            using var late = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            await _free.WaitAsync(either.Token);
            return new Place(_free);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
