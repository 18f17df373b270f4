using Appliance.Cluster.Shell;

namespace Appliance.Demo.Machines;

/// <summary>
/// What a host remembers of epochs and runs, with the meaning of the product's <c>fence.sh</c>: an older epoch is refused, a run happens once, and of one
/// scope one command is in effect at a time. A restart of the host leaves the memory and loses what runs. Thread-safe.
/// </summary>
internal sealed class SimulatedFence(TimeProvider time, double speed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // As many as fence.sh keeps.
    private const int KeptRuns = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Fence> _newest = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<RunId, SimulatedRun> _runs = [];
    private readonly Dictionary<string, SimulatedRun> _inEffect = new(StringComparer.Ordinal);

    private enum Verdict
    {
        Refused,
        Attached,
        Behind,
        Begun,
    }

    /// <summary>Runs a fenced or run-once command to its end, unless it is refused or was begun already.</summary>
    public async Task<ShellOutcome> RunAsync(ShellCommand command, Func<CancellationToken, Task<ShellOutcome.Completed>> work, CancellationToken closing)
    {
        while (true)
        {
            var (verdict, newest, run) = Decide(command);
            switch (verdict)
            {
                case Verdict.Refused:
                    return new ShellOutcome.Refused(newest);
                case Verdict.Begun:
                    _ = run!.CarryOutAsync(work, closing);
                    return await TellAsync(run);
                case Verdict.Attached:
                    return await TellAsync(run!);
                case Verdict.Behind:
                    // What does not end in time is ended: it is older, or its owner has given it up.
                    await Task.WhenAny(run!.End, Task.Delay(Patience / speed, time, closing));
                    run.Stop();
                    await run.End;
                    break;
            }
        }
    }

    /// <summary>What became of a run.</summary>
    public async Task<RunLook> LookAsync(RunId id)
    {
        SimulatedRun? run;
        lock (_gate)
        {
            run = _runs.GetValueOrDefault(id);
        }

        return run switch
        {
            null => new RunLook.Never(),
            { End.IsCompleted: false } => new RunLook.Running(),
            _ => await run.End is { } outcome ? new RunLook.Ended(outcome) : new RunLook.Lost(),
        };
    }

    /// <summary>The highest epoch seen in a scope; 0 when none was.</summary>
    public long ReadEpoch(string scope)
    {
        lock (_gate)
        {
            return _newest.GetValueOrDefault(scope)?.Epoch ?? 0;
        }
    }

    /// <summary>Whether a command with that fence would be refused.</summary>
    public bool IsBehind(Fence fence)
    {
        lock (_gate)
        {
            return _newest.GetValueOrDefault(fence.Scope) is { } newest && IsOlder(fence, newest);
        }
    }

    /// <summary>Whether a run was begun here.</summary>
    public bool Knows(RunId id)
    {
        lock (_gate)
        {
            return _runs.ContainsKey(id);
        }
    }

    /// <summary>The host restarts: what runs leaves no exit code.</summary>
    public void LoseRuns()
    {
        SimulatedRun[] running;
        lock (_gate)
        {
            running = [.. _runs.Values.Concat(_inEffect.Values).Distinct()];
        }

        foreach (var run in running)
        {
            run.Lose();
        }
    }

    private (Verdict Verdict, long Newest, SimulatedRun? Run) Decide(ShellCommand command)
    {
        lock (_gate)
        {
            if (command.Fence is { } fence && IsBehind(fence))
            {
                return (Verdict.Refused, _newest[fence.Scope].Epoch, null);
            }

            if (command.RunId is { } id && _runs.TryGetValue(id, out var known))
            {
                return (Verdict.Attached, 0, known);
            }

            if (command.Fence is { } here && _inEffect.GetValueOrDefault(here.Scope) is { End.IsCompleted: false } before)
            {
                return (Verdict.Behind, 0, before);
            }

            var run = new SimulatedRun();
            if (command.Fence is { } mine)
            {
                _newest[mine.Scope] = mine;
                _inEffect[mine.Scope] = run;
            }

            if (command.RunId is { } name)
            {
                _runs[name] = run;
                if (_runs.Count > KeptRuns && _runs.GetAt(0).Value.End.IsCompleted)
                {
                    _runs.RemoveAt(0);
                }
            }

            return (Verdict.Begun, 0, run);
        }
    }

    private static bool IsOlder(Fence fence, Fence newest) =>
        fence.Epoch < newest.Epoch || (fence.Epoch == newest.Epoch && fence.Owner != newest.Owner && fence.Owner.Length > 0 && newest.Owner.Length > 0);

    private static async Task<ShellOutcome> TellAsync(SimulatedRun run) => await run.End is { } outcome
        ? outcome
        : new ShellOutcome.Unknown(new HostFault(HostFaultKind.ConnectionLost, "What was begun on the machine ended without a record."));
}
