using System.Threading.Channels;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>The way into the engine's loop: everything that may change a lane passes through here, one at a time. Thread-safe; read by the loop only.</summary>
internal sealed class SwapMailbox
{
    // Full means that the loop hangs on the disk: callers then wait, and lines of logs are dropped.
    private readonly Channel<SwapCommand> _commands = Channel.CreateBounded<SwapCommand>(new BoundedChannelOptions(4096) { SingleReader = true });
    private int _hasTick;

    /// <summary>Hands a command in and waits for its answer. A caller that leaves does not take the command back.</summary>
    public async Task<T> AskAsync<T>(Func<TaskCompletionSource<T>, SwapCommand> command, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(command(answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Hands in what must be heard.</summary>
    public ValueTask PostAsync(SwapCommand command, CancellationToken cancellationToken) => _commands.Writer.WriteAsync(command, cancellationToken);

    /// <summary>Hands in what may be lost: progress, or a line of a log.</summary>
    public void Offer(SwapCommand command) => _commands.Writer.TryWrite(command);

    /// <summary>Tells the loop that time has passed. One such note waits at most.</summary>
    public void Tick()
    {
        if (Interlocked.Exchange(ref _hasTick, 1) == 0 && !_commands.Writer.TryWrite(new SwapCommand.Tick()))
        {
            Volatile.Write(ref _hasTick, 0);
        }
    }

    /// <summary>The note was read: the next one may come.</summary>
    public void TickWasRead() => Volatile.Write(ref _hasTick, 0);

    /// <summary>Tells everybody who has asked so far that it cannot be done now. For the loop.</summary>
    public void FailAll(Exception exception)
    {
        while (_commands.Reader.TryRead(out var command))
        {
            if (command is SwapCommand.Tick)
            {
                TickWasRead();
            }

            command.Fail(exception);
        }
    }

    /// <summary>The commands in order, for the loop.</summary>
    public IAsyncEnumerable<SwapCommand> ReadAllAsync(CancellationToken cancellationToken) => _commands.Reader.ReadHereAsync(cancellationToken);
}
