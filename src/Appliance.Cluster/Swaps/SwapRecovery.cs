using Appliance.Cluster.Primitives;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Swaps;

/// <summary>Finds what a job needs that is not in the journal: after a restart, and for a rollback.</summary>
internal sealed class SwapRecovery(ClusterView view, TimeProvider time)
{
    /// <summary>How long a restarted appliance waits for the disks to be listed before it gives an interrupted job up.</summary>
    private static readonly TimeSpan MenuDeadline = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The job as it stood. Waits until every host was looked at: nothing is changed before. A job whose model is no longer known ends here.
    /// </summary>
    public async Task<LaneSwap> TakeUpAsync(StoredSwap stored, CancellationToken cancellationToken)
    {
        await WaitForMenuAsync(cancellationToken);
        var job = stored.ToJob();
        var swap = new LaneSwap
        {
            Job = job,
            Wanted = job.Kind == SwapKind.Stop ? null : FindTarget(job.Model),
            Previous = ModelId.TryParse(stored.PreviousModel, out var previous) ? FindTarget(previous) : null,
            IsRollingBack = stored.IsRollingBack != 0,
            IsCancelled = stored.IsCancelled != 0,
            LaunchedAt = stored.LaunchedAt is { } launched ? DateTimeOffset.FromUnixTimeMilliseconds(launched) : null,
            IdempotencyKey = stored.IdempotencyKey,
            RequestFingerprint = stored.Request,
        };
        if (job.Kind == SwapKind.Stop || swap.Starting is not null || job.State is SwapState.Stopping)
        {
            return swap;
        }

        return swap with
        {
            Job = job with
            {
                State = SwapState.Failed,
                EndedAt = time.GetUtcNow(),
                Failure = new SwapFailure(
                    "interrupted",
                    $"The appliance was restarted while it changed to {job.ModelName}, and that model is no longer on any disk it can see.",
                    "Look whether the machines are on, then choose a model again.",
                    []),
            },
        };
    }

    /// <summary>What is brought back if a swap fails: the model that serves, or the last one that did unless it was stopped on purpose.</summary>
    public SwapTarget? FindPrevious(LaneSnapshot lane) => lane switch
    {
        { Serving.Id: { } serving } => FindTarget(serving),
        { Serving: not null } => null,
        { LastSwap: { Kind: SwapKind.Swap, State: SwapState.Live, Model: { } last } } => FindTarget(last),
        { LastSwap.RolledBackTo: { } restored } => FindTarget(restored),
        _ => null,
    };

    private SwapTarget? FindTarget(ModelId? id) =>
        id is not null && view.Current.Models.FirstOrDefault(card => card.Id == id) is { } card ? SwapTarget.Of(card) : null;

    private async Task WaitForMenuAsync(CancellationToken cancellationToken)
    {
        using var subscription = view.Subscribe();
        using var late = new CancellationTokenSource(MenuDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        if (subscription.Initial.ModelsAreKnown)
        {
            return;
        }

        try
        {
            await foreach (var snapshot in subscription.ReadAllAsync(either.Token))
            {
                if (snapshot.ModelsAreKnown)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The disks were not seen in time; what the journal asks for may not be found, and the job then says so.
        }
    }
}
