namespace Appliance.Gateway.Forwarding;

/// <summary>Counts the WebSockets that are passed through, so that the pages keep room for theirs. Thread-safe.</summary>
internal sealed class Tunnels
{
    /// <summary>The web server holds 200 in all; the pages of a household need a few dozen.</summary>
    private const int Most = 100;

    private int _open;

    /// <summary>A place until it is disposed; null when all are taken.</summary>
    public IDisposable? TryOpen()
    {
        if (Interlocked.Increment(ref _open) <= Most)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _open);
        return null;
    }

    private sealed class Place(Tunnels tunnels) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref tunnels._open);
    }
}
