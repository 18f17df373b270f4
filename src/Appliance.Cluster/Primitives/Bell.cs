namespace Appliance.Cluster.Primitives;

/// <summary>Wakes everybody who waits for a change. It carries nothing: who is woken looks for himself. Thread-safe, and never waits.</summary>
public sealed class Bell
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends at the next ring. Take it before looking: a change in between has then already rung it.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes who waits now; who is woken runs elsewhere.</summary>
    public void Ring() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
