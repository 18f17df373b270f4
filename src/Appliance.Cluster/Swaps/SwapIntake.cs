using System.Security.Cryptography;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>Turns wishes into jobs, or into refusals. Used by the engine's loop only: between the check and the begin nothing else can happen to a lane.</summary>
internal sealed class SwapIntake(
    SwapAdmission admission,
    SwapJournal journal,
    SwapPublisher publisher,
    SwapRecords records,
    SwapRecovery recovery,
    RunningSwaps running,
    EpochCounter epochs,
    RandomNumberGenerator random,
    TimeProvider time)
{
    /// <summary>An idempotency key is remembered this long.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    /// <summary>Somebody wants a model.</summary>
    public async Task<SwapOutcome> AdmitAsync(SwapRequest request, CancellationToken cancellationToken)
    {
        var fingerprint = $"{request.Lane}\n{request.Model}";
        if (request.IdempotencyKey is { } key && await journal.FindByKeyAsync(key, time.GetUtcNow() - KeyLifetime, cancellationToken) is { } earlier)
        {
            var job = await records.FindAsync(SwapJobId.Parse(earlier.Id), cancellationToken) ?? earlier.ToJob();
            return earlier.Request == fingerprint ? new SwapOutcome.Accepted(job) : new SwapOutcome.KeyReused(job);
        }

        var verdict = admission.Decide(request, running.Find(request.Lane)?.Job);
        if (verdict is not SwapAdmission.Verdict.Admitted admitted)
        {
            return ((SwapAdmission.Verdict.Refused)verdict).Outcome;
        }

        var previous = recovery.FindPrevious(admitted.Now);
        return new SwapOutcome.Accepted(await running.BeginAsync(
            new LaneSwap
            {
                Job = new SwapJob
                {
                    Id = SwapJobId.New(random),
                    Lane = request.Lane,
                    Kind = SwapKind.Swap,
                    Model = admitted.Card.Id,
                    ModelName = admitted.Card.Name,
                    ServedName = admitted.Launch.ServedName,
                    State = SwapState.Queued,
                    RequestedBy = request.RequestedBy,
                    Note = request.Note,
                    Epoch = epochs.Next(),
                    StartedAt = time.GetUtcNow(),
                    From = admitted.Now.Serving?.Id ?? previous?.Id,
                    FromName = admitted.Now.Serving?.Name ?? previous?.Name,
                },
                Wanted = admitted.Target,
                Previous = previous,
                IdempotencyKey = request.IdempotencyKey,
                RequestFingerprint = request.IdempotencyKey is null ? null : fingerprint,
                Estimate = await journal.FindEstimateAsync(request.Lane, admitted.Card.Id, cancellationToken),
            },
            cancellationToken));
    }

    /// <summary>Somebody wants nothing to run on a lane.</summary>
    public async Task<SwapOutcome> AdmitStopAsync(LaneId lane, string by, CancellationToken cancellationToken)
    {
        if (running.Find(lane) is { } swap)
        {
            return new SwapOutcome.InProgress(swap.Job);
        }

        if (publisher.FindLane(lane) is not { } now)
        {
            return admission.UnknownLane();
        }

        if (now is { Serving: null, Condition.Kind: ConditionKind.Stopped })
        {
            return new SwapOutcome.AlreadySo(null);
        }

        return new SwapOutcome.Accepted(await running.BeginAsync(
            new LaneSwap
            {
                Job = new SwapJob
                {
                    Id = SwapJobId.New(random),
                    Lane = lane,
                    Kind = SwapKind.Stop,
                    Model = now.Serving?.Id,
                    ModelName = now.Serving?.Name ?? "The model",
                    State = SwapState.Queued,
                    RequestedBy = by,
                    Epoch = epochs.Next(),
                    StartedAt = time.GetUtcNow(),
                    From = now.Serving?.Id,
                    FromName = now.Serving?.Name,
                },
            },
            cancellationToken));
    }
}
