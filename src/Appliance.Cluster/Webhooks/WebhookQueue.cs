using System.Collections.Immutable;

namespace Appliance.Cluster.Webhooks;

/// <summary>
/// When each pending message is due, on the monotonic clock: a jump of the wall clock changes nothing while we run (F-23). Used by the courier's loop only.
/// </summary>
internal sealed class WebhookQueue(TimeProvider time)
{
    private readonly Dictionary<WebhookId, (WebhookEntry Entry, long From, TimeSpan Wait)> _pending = [];

    /// <summary>Takes what the store says: new messages join with the rest of their pause, ended ones leave.</summary>
    public void Load(ImmutableArray<WebhookEntry> pending)
    {
        foreach (var gone in _pending.Keys.Except(pending.Select(entry => entry.Id)).ToArray())
        {
            _pending.Remove(gone);
        }

        foreach (var entry in pending)
        {
            if (!_pending.ContainsKey(entry.Id))
            {
                Put(entry, WebhookDelivery.LeftOf(entry, time.GetUtcNow()));
            }
        }
    }

    /// <summary>A message changed: it waits anew, or leaves.</summary>
    public void Put(WebhookEntry entry)
    {
        if (entry.State == WebhookState.Pending)
        {
            Put(entry, entry.Wait);
        }
        else
        {
            _pending.Remove(entry.Id);
        }
    }

    /// <summary>Keeps a message away for a while, whatever becomes of it.</summary>
    public void Delay(WebhookEntry entry, TimeSpan wait) => Put(entry, wait);

    /// <summary>
    /// The message whose turn it is, or null. Those that failed least go first: a message that has waited for a receiver all day does not hold up the one
    /// about the job that has just ended. Among equals the oldest.
    /// </summary>
    public WebhookEntry? FindDue() => _pending.Values
        .Where(waiting => LeftOf(waiting) == TimeSpan.Zero)
        .Select(waiting => waiting.Entry)
        .OrderBy(entry => entry.Failures)
        .ThenBy(entry => entry.Number)
        .FirstOrDefault();

    /// <summary>How long until some message is due; null when none waits.</summary>
    public TimeSpan? FindWait() => _pending.Count == 0 ? null : _pending.Values.Min(LeftOf);

    private void Put(WebhookEntry entry, TimeSpan wait) => _pending[entry.Id] = (entry, time.GetTimestamp(), wait);

    private TimeSpan LeftOf((WebhookEntry Entry, long From, TimeSpan Wait) waiting)
    {
        var left = waiting.Wait - time.GetElapsedTime(waiting.From);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
