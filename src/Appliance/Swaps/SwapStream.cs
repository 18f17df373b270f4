using System.Runtime.CompilerServices;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Events;

namespace Appliance.Swaps;

internal static class SwapStream
{
    /// <summary>The updates of a job after a number as <c>state</c>, <c>progress</c> and <c>log</c>; ends after the terminal state.</summary>
    public static async IAsyncEnumerable<StreamEvent> ReadAsync(
        SwapEngine engine, SwapJobId id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in engine.FollowAsync(id, after, cancellationToken))
        {
            yield return update switch
            {
                SwapUpdate.Changed { IsStateChange: true } changed => new StreamEvent(changed.Number, "state", SwapWire.From(changed.Job)),
                SwapUpdate.Changed changed => new StreamEvent(changed.Number, "progress", SwapProgressWire.From(changed.Job)),
                SwapUpdate.Line line => new StreamEvent(line.Number, "log", new SwapLineWire(line.Text)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
    }
}
