using System.Collections.Concurrent;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Health;

/// <summary>
/// Has a host looked at now: for somebody who has just changed something about it. The host watch would otherwise wait up to three minutes, because
/// repeated refusals get an address banned. Thread-safe.
/// </summary>
public sealed class HostCalls
{
    private readonly ConcurrentDictionary<HostId, TaskCompletionSource> _waiting = new();

    /// <summary>Ends the wait before the next look at the host. Nothing happens for a host that nobody watches.</summary>
    public void LookNow(HostId host)
    {
        if (_waiting.TryRemove(host, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Ends with the next call for the host; taken before a look, so that a call during the look is not lost.</summary>
    internal Task NextAsync(HostId host) =>
        _waiting.GetOrAdd(host, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
