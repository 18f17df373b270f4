using System.Diagnostics.CodeAnalysis;
using Appliance.Cluster.Shell;

namespace Appliance.Demo.Machines;

/// <summary>A command at work on a simulated host, apart from any connection. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor wait handle: there is nothing to free.")]
internal sealed class SimulatedRun
{
    // Who waits goes on here and not on a thread of the pool, so that a simulation stays in its order.
    private readonly TaskCompletionSource<ShellOutcome.Completed?> _end = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Completes with what it left; with null when it ended without a record.</summary>
    public Task<ShellOutcome.Completed?> End => _end.Task;

    /// <summary>Does the work; called once. <paramref name="closing"/> is the end of the whole simulation.</summary>
    public async Task CarryOutAsync(Func<CancellationToken, Task<ShellOutcome.Completed>> work, CancellationToken closing)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, closing);
        try
        {
            _end.TrySetResult(await work(either.Token));
        }
        catch (OperationCanceledException) when (!closing.IsCancellationRequested)
        {
            // 143: ended by the polite signal.
            _end.TrySetResult(new ShellOutcome.Completed(143, "", "Terminated\n"));
        }
        catch (Exception exception)
        {
            _end.TrySetException(exception);
        }
    }

    /// <summary>Ends it as a signal does; its exit code says so.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Ends it as a power cut does: it leaves no exit code, unless it already has.</summary>
    public void Lose()
    {
        _end.TrySetResult(null);
        _stop.Cancel();
    }
}
