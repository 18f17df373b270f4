namespace Appliance.Gateway.Limits;

/// <summary>A request's turn at a server, until it is disposed; disposing twice counts once. Not thread-safe: it belongs to one request.</summary>
internal sealed class Turn(UpstreamTurns owner, ServerTurns server, int together, long began) : IDisposable
{
    private bool _isOver;

    /// <summary>How many requests the server had in work when this one began, itself included.</summary>
    public int Together => together;

    /// <summary>When it began, by the clock's time stamps.</summary>
    public long Began => began;

    /// <summary>How long the first piece of the answer took; null while there is none, or when it says nothing about the server.</summary>
    public TimeSpan? Response { get; private set; }

    /// <summary>Whether the server gave up on it: it said that it is overloaded, or it was too slow.</summary>
    public bool IsOverload { get; set; }

    /// <summary>The first piece of the answer is there.</summary>
    /// <param name="counts">Whether the time it took is comparable with that of other requests.</param>
    public void Responded(bool counts) => Response ??= counts ? owner.Since(began) : null;

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            owner.End(server, this);
        }
    }
}
