using System.Data.Common;
using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Says that the engine cannot write or read its own data, and when it can again. While it lasts no job goes on: what was not written down is not done.
/// Writes <see cref="ClusterSnapshot.Store"/>. Used by the engine's loop only.
/// </summary>
internal sealed class StoreTrouble(ClusterView view, IEventLog events, TimeProvider time)
{
    private const string Advice = "Make room on that disk, or mend it. The appliance tries again by itself and then goes on.";

    private long? _since;

    /// <summary>The store failed; anything else is not said here. Whether it is news: false while the same trouble lasts.</summary>
    public bool Note(Exception problem)
    {
        if (problem is not (StoreException or DbException))
        {
            return true;
        }

        _since ??= time.GetTimestamp();
        var message = problem is StoreException refused ? refused.Message : "The database of the appliance refused a write. Nothing was written.";
        var trouble = new Attention("The appliance cannot keep its own data", $"{message} Changes of models wait until it can.", Advice);
        var isNews = view.Current.Store != trouble;
        view.Update(snapshot => snapshot.Store == trouble ? snapshot : snapshot with { Store = trouble });
        return isNews;
    }

    /// <summary>Nothing waits for the store any more. Ends the trouble when the store takes the news of it.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_since is not { } since)
        {
            return;
        }

        var seconds = (long)time.GetElapsedTime(since).TotalSeconds;
        await events.AppendAsync(
            new ApplianceEvent
            {
                At = time.GetUtcNow(),
                Type = EventTypes.StoreRecovered,
                Severity = EventSeverity.Warning,
                Component = "storage",
                Sentence = $"The appliance could not keep its own data for {seconds} s; it can again and goes on",
                Details = SwapSentences.Details(("seconds", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            },
            cancellationToken);
        _since = null;
        view.Update(snapshot => snapshot.Store is null ? snapshot : snapshot with { Store = null });
    }
}
