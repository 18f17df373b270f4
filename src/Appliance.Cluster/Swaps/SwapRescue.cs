using Appliance.Cluster.Events;
using Appliance.Cluster.Health;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Deals with a model that crashed seconds after its first answer. Its job stays live, because it was: programs may have got answers. The model before it is
/// brought back by a job of its own, unless somebody else has a say in the lane, or models were started by themselves too often. Used by the engine's loop
/// only.
/// </summary>
internal sealed class SwapRescue(LaneWatch lanes, LaneLedger ledger, SettlingSwaps settling, UnaskedStarts unasked, IEventLog events, TimeProvider time)
{
    /// <summary>Who asks for the jobs that nobody asked for.</summary>
    public const string Requester = "the appliance";

    /// <summary>Tells of the crash, and brings the model before it back when that may be done.</summary>
    public async Task TakeAsync(LaneSwap crashed, SwapFailure failure, CancellationToken cancellationToken)
    {
        var lane = crashed.Job.Lane;
        lanes.Crashed(lane, failure.Message);
        var rescue = crashed.Previous is { } previous
            ? new SwapRequest { Model = previous.Id.Value, Lane = lane, RequestedBy = Requester, Note = $"{crashed.Job.ModelName} stopped by itself." }
            : null;
        var obstacle = rescue is null ? "no model ran before it" : unasked.FindObstacle(rescue);
        var record = ledger.Find(lane) with { Good = crashed.Previous?.Id };
        await events.AppendAsync(
            new ApplianceEvent
            {
                At = time.GetUtcNow(),
                Type = EventTypes.ModelCrashed,
                Severity = EventSeverity.Error,
                Component = "swaps",
                CorrelationId = crashed.Job.Id.Value,
                Sentence = obstacle is null ? failure.Message : $"{failure.Message} {crashed.Previous?.Name ?? "Nothing"} is not brought back: {obstacle}.",
                Details = SwapSentences.Details(("job_id", crashed.Job.Id.Value), ("lane", lane.Value), ("model", crashed.Job.Model?.Value), ("error_code", failure.Code)),
            },
            (connection, transaction) =>
            {
                LaneLedger.Write(connection, transaction, record);
                SettlingStore.WriteLeft(connection, transaction, lane);
            },
            cancellationToken);
        ledger.Take(record);
        await settling.LeaveAsync(lane);
        if (rescue is not null && obstacle is null)
        {
            await unasked.BeginAsync(rescue, cancellationToken);
        }
    }
}
