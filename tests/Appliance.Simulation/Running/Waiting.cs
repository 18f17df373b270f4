namespace Appliance.Simulation.Running;

/// <summary>Waiting that stays on the pump's thread: Task.WaitAsync hands a source's completion to the thread pool first.</summary>
internal static class Waiting
{
    /// <summary>The task's answer, or the caller's cancellation, whichever is first. The task goes on.</summary>
    public static async Task<T> OrCancelledAsync<T>(this Task<T> task, CancellationToken cancellationToken)
    {
        var first = new TaskCompletionSource<T>();
        await using var cancelled = cancellationToken.Register(() => first.TrySetCanceled(cancellationToken));
        _ = ForwardAsync(task, first);
        return await first.Task;
    }

    private static async Task ForwardAsync<T>(Task<T> task, TaskCompletionSource<T> first)
    {
        try
        {
            first.TrySetResult(await task);
        }
        catch (Exception exception)
        {
            first.TrySetException(exception);
        }
    }
}
