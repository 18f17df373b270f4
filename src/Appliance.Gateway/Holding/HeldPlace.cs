using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Holding;

/// <summary>A request's place in the <see cref="HoldRoom"/>, until it is disposed.</summary>
internal sealed class HeldPlace : IDisposable
{
    private readonly HoldRoom _room;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal HeldPlace(HoldRoom room, string? model, UpstreamTask task, long bytes)
    {
        (_room, Model, Task, Bytes) = (room, model, task, bytes);
        Node = new LinkedListNode<HeldPlace>(this);
    }

    public string? Model { get; }

    public UpstreamTask Task { get; }

    public long Bytes { get; }

    /// <summary>Ends when the model is no longer on the way: it answers, or it will not come.</summary>
    public Task Released => _released.Task;

    internal LinkedListNode<HeldPlace> Node { get; }

    /// <summary>True when there is news, false when the time is over. Cancellation is the caller who left.</summary>
    public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => _room.WaitAsync(this, limit, cancellationToken);

    public void Dispose() => _room.Leave(this);

    internal void Release() => _released.TrySetResult();
}
