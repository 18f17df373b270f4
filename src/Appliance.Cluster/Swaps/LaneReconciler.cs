using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Compares what runs with what is expected, and says what somebody did by other means (F-16). A model that was started by hand is adopted: it is the one
/// that a failed change brings back. Nothing is repaired unasked. Used by the engine's loop only.
/// </summary>
internal sealed class LaneReconciler(ClusterView view, LaneLedger ledger, RunningSwaps running, IEventLog events, TimeProvider time)
{
    /// <summary>Looks at every lane on which nothing is being changed.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var snapshot = view.Current;
        foreach (var lane in snapshot.Lanes)
        {
            if (running.Find(lane.Definition.Id) is null)
            {
                await LookAsync(snapshot, lane, cancellationToken);
            }

            Show(lane);
        }
    }

    private async Task LookAsync(ClusterSnapshot snapshot, LaneSnapshot lane, CancellationToken cancellationToken)
    {
        var record = ledger.Find(lane.Definition.Id);
        var seen = lane switch
        {
            { Serving: { } serving } => record.Seen(serving.Id ?? ModelNames.Find(snapshot.Models, serving.ServedName)?.Id, serving.Name),
            { Condition.Kind: ConditionKind.Stopped } => record.Seen(null, null),
            _ => record,
        };
        if (ReferenceEquals(seen, record))
        {
            return;
        }

        if (seen.Drift is not { } drift)
        {
            await ledger.SaveAsync(seen, cancellationToken);
            return;
        }

        await events.AppendAsync(
            new ApplianceEvent
            {
                At = time.GetUtcNow(),
                Type = EventTypes.LaneDrift,
                Severity = EventSeverity.Warning,
                Component = "swaps",
                Sentence = drift.TrimEnd('.'),
                Details = SwapSentences.Details(("lane", record.Lane.Value), ("model", seen.Model?.Value), ("from_model", record.Model?.Value)),
            },
            (connection, transaction) => LaneLedger.Write(connection, transaction, seen),
            cancellationToken);
        ledger.Take(seen);
    }

    private void Show(LaneSnapshot lane)
    {
        var drift = ledger.Find(lane.Definition.Id).Drift;
        if (lane.Drift != drift)
        {
            view.Update(snapshot => snapshot.FindLane(lane.Definition.Id) is { } shown && shown.Drift != drift
                ? snapshot with { Lanes = snapshot.Lanes.Replace(shown, shown with { Drift = drift }) }
                : snapshot);
        }
    }
}
