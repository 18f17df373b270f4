namespace Appliance.Cluster.Routing;

/// <summary>Somebody waits for a model, until this is disposed; disposing twice counts once. Thread-safe.</summary>
/// <param name="leave">Called once, with the time for which the wish outlives its caller.</param>
public sealed class ModelInterest(Action<TimeSpan> leave) : IDisposable
{
    private TimeSpan _stays;
    private int _isOver;

    /// <summary>The caller was told to come back within this time, so the wish goes on for so long.</summary>
    public void ComesBackWithin(TimeSpan time) => _stays = time;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            leave(_stays);
        }
    }
}
