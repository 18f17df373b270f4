using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Simulation.Running;

namespace Appliance.Simulation.Machines;

/// <summary>
/// The way from one life of the appliance to the machines. Takes time, loses connections before, in and after a command, and knows that a command goes on over
/// there when the line is cut or the appliance dies.
/// </summary>
internal sealed class Network(Place appliance, Place machines, IHostShell shell, Random random, IWatcher watcher, Tampering tampering) : IHostShell
{
    private static readonly HostFault Lost = new(HostFaultKind.ConnectionLost, "The connection broke.");

    /// <summary>How many of a hundred commands never arrive.</summary>
    public int LostOnTheWay { get; set; }

    /// <summary>How many of a hundred answers never come back.</summary>
    public int LostOnTheWayBack { get; set; }

    public async Task<ShellOutcome> RunAsync(HostId host, ShellCommand command, CancellationToken cancellationToken)
    {
        command = tampering.Say(command);
        watcher.Sent(host, command);
        var outcome = await SendAsync<ShellOutcome>(
            () =>
            {
                watcher.Arrived(host, command);
                return shell.RunAsync(host, command, CancellationToken.None);
            },
            new ShellOutcome.NotStarted(Lost),
            new ShellOutcome.Unknown(Lost),
            cancellationToken);
        watcher.Answered(host, command, outcome);
        return tampering.Hear(command, outcome);
    }

    public Task<RunLook> LookAtRunAsync(HostId host, RunId run, CancellationToken cancellationToken) => SendAsync<RunLook>(
        () => shell.LookAtRunAsync(host, run, CancellationToken.None), new RunLook.NotKnown(Lost), new RunLook.NotKnown(Lost), cancellationToken);

    public Task<EpochLook> ReadEpochAsync(HostId host, string scope, CancellationToken cancellationToken) => SendAsync<EpochLook>(
        () => shell.ReadEpochAsync(host, scope, CancellationToken.None), new EpochLook.NotKnown(Lost), new EpochLook.NotKnown(Lost), cancellationToken);

    public async Task<ShellOutcome> FollowAsync(HostId host, ShellCommand command, Action<string> onLine, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isLost = IsLost(LostOnTheWay);
        await PauseAsync(cancellationToken);
        if (isLost)
        {
            return new ShellOutcome.NotStarted(Lost);
        }

        var reading = new CancellationTokenSource();
        var lines = new Queue<string>();
        await using var cut = cancellationToken.Register(() => machines.Post(reading.Cancel));
        var work = machines.RunAsync(() => shell.FollowAsync(host, command, line =>
        {
            // Drawn in any order, delivered in theirs.
            lines.Enqueue(line);
            appliance.Post(() => onLine(lines.Dequeue()));
        }, reading.Token));
        return await work.OrCancelledAsync(cancellationToken);
    }

    private async Task<T> SendAsync<T>(Func<Task<T>> work, T neverArrived, T neverHeard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isLost = IsLost(LostOnTheWay);
        await PauseAsync(cancellationToken);
        if (isLost)
        {
            return neverArrived;
        }

        var answer = machines.RunAsync(work);
        if (IsLost(LostOnTheWayBack))
        {
            // It arrived, and nobody hears what became of it: at once, or after it ended.
            await (random.Next(2) == 0 ? PauseAsync(cancellationToken) : answer.OrCancelledAsync(cancellationToken));
            return neverHeard;
        }

        var heard = await answer.OrCancelledAsync(cancellationToken);
        await PauseAsync(cancellationToken);
        return heard;
    }

    private bool IsLost(int ofHundred) => ofHundred > 0 && random.Next(100) < ofHundred;

    private Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 80)), appliance.Clock, cancellationToken);
}
