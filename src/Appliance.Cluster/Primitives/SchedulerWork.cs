using System.Runtime.CompilerServices;

namespace Appliance.Cluster.Primitives;

/// <summary>
/// Work that must not hold up its caller, on a scheduler that can be exchanged: the thread pool in production, one thread with a chosen order in a
/// simulation. Nothing here leaves that scheduler behind the caller's back.
/// </summary>
internal static class SchedulerWork
{
    /// <summary>Runs blocking work there.</summary>
    public static Task<T> RunAsync<T>(this TaskScheduler scheduler, Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);

    /// <summary>Runs asynchronous work there, from its first line to its last; not begun when cancelled before.</summary>
    public static Task RunAsync(this TaskScheduler scheduler, Func<Task> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    /// <summary>Cancels, with the callbacks running there and not on the caller's stack.</summary>
    public static Task CancelAsync(this TaskScheduler scheduler, CancellationTokenSource source) =>
        Task.Factory.StartNew(source.Cancel, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);

    /// <summary>
    /// Takes a place, or throws when cancelled before one was free. <c>WaitAsync</c> with a token goes on on the thread pool, this one on the caller's scheduler.
    /// </summary>
    public static async Task EnterAsync(this SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = gate.WaitAsync(CancellationToken.None);
        if (place.IsCompleted || !cancellationToken.CanBeCanceled)
        {
            await place;
            return;
        }

        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = PassOnAsync();
        await using var registration = cancellationToken.Register(() => first.TrySetCanceled(cancellationToken));
        await first.Task;

        async Task PassOnAsync()
        {
            await place;
            if (!first.TrySetResult())
            {
                // Nobody waits for it any more.
                gate.Release();
            }
        }
    }

    /// <summary>Ends when the task has ended, however it did, on the scheduler of the caller.</summary>
    public static ConfiguredTaskAwaitable Settled(this Task task) =>
        task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
