using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.View;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>Finds what a job needs that is not in the journal: after a restart, and for a rollback.</summary>
internal sealed partial class SwapRecovery(ClusterView view, LaneLedger ledger, TimeProvider time, ILogger<SwapRecovery> logger)
{
    /// <summary>How long a new appliance waits for its first look at everything. A machine that is off is known to be off much sooner.</summary>
    private static readonly TimeSpan FirstLookDeadline = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Ends when every host that can be reached was looked at, with its disks and its model servers: nothing is changed before (I-8). After the deadline what
    /// was not seen stays unknown, and is treated as such.
    /// </summary>
    public async Task WaitForFirstLookAsync(CancellationToken cancellationToken)
    {
        using var subscription = view.Subscribe();
        using var late = new CancellationTokenSource(FirstLookDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        if (IsLookedAt(subscription.Initial))
        {
            return;
        }

        try
        {
            await foreach (var snapshot in subscription.ReadAllAsync(either.Token))
            {
                if (IsLookedAt(snapshot))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotLookedAt(FirstLookDeadline.TotalMinutes);
        }
    }

    /// <summary>The job as it stood. One whose model is no longer known ends here; one that waits is checked when its turn comes.</summary>
    public LaneSwap TakeUp(StoredSwap stored)
    {
        var job = stored.ToJob();
        var swap = new LaneSwap
        {
            Job = job,
            Wanted = job.Kind == SwapKind.Stop ? null : FindTarget(job.Model),
            Previous = ModelId.TryParse(stored.PreviousModel, out var previous) ? FindTarget(previous) : null,
            IsRollingBack = stored.IsRollingBack != 0,
            IsCancelled = stored.IsCancelled != 0,
            LaunchedAt = stored.LaunchedAt is { } launched ? DateTimeOffset.FromUnixTimeMilliseconds(launched) : null,
            Hosts = [.. (stored.Hosts ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(HostId.Parse)],
            Image = stored.Image,
            IdempotencyKey = stored.IdempotencyKey,
            RequestFingerprint = stored.Request,
            Pass = LanePass.Of(stored.Token is { } token ? TokenHash.Stored(token) : null),
        };
        if (job.Kind == SwapKind.Stop || swap.Starting is not null || job.State is SwapState.Queued or SwapState.Stopping)
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
    public SwapTarget? FindPrevious(LaneSnapshot lane) => FindTarget(lane.Serving is null ? ledger.Find(lane.Definition.Id).Good : FindServing(lane));

    /// <summary>The model that serves; null when none does, or one that is not on the menu.</summary>
    public ModelId? FindServing(LaneSnapshot lane) =>
        lane.Serving is { } serving ? serving.Id ?? ModelNames.Find(view.Current.Models, serving.ServedName)?.Id : null;

    private SwapTarget? FindTarget(ModelId? id) =>
        id is not null && view.Current.Models.FirstOrDefault(card => card.Id == id) is { } card ? SwapTarget.Of(card) : null;

    private static bool IsLookedAt(ClusterSnapshot snapshot)
    {
        var away = snapshot.Hosts.Where(host => host.Fault is not null).Select(host => host.Definition.Id).ToHashSet();
        return snapshot.ModelsAreKnown
            && snapshot.Hosts.All(host => host.ObservedAt is not null || host.Fault is not null)
            && snapshot.Lanes.All(lane => lane.Condition is not { Kind: ConditionKind.Unknown, Reason: null } || away.Contains(lane.Definition.Head));
    }

    [LoggerMessage(LogLevel.Warning, "Not every machine was looked at within {Minutes} minutes; changes are allowed now, and what was not seen counts as unknown")]
    private partial void LogNotLookedAt(double minutes);
}
