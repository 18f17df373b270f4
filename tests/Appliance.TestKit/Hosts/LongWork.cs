using Appliance.Cluster.Shell;

namespace Appliance.TestKit.Hosts;

/// <summary>A command that runs until a test lets it end.</summary>
/// <param name="Command">The command, without fence and run id; it ends with exit code 0.</param>
/// <param name="FinishAsync">Lets it end.</param>
/// <param name="CountBeginnings">How often it was begun so far.</param>
public sealed record LongWork(ShellCommand Command, Func<Task> FinishAsync, Func<int> CountBeginnings);
