using System.Security.Cryptography;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;

namespace Appliance.Cluster.Swaps;

/// <summary>Turns wishes into jobs, or into refusals. Used by the engine's loop only: between the check and the begin nothing else can happen to a lane.</summary>
internal sealed class SwapIntake(
    SwapAdmission admission,
    SwapJournal journal,
    SwapPublisher publisher,
    SwapRecords records,
    SwapRecovery recovery,
    SwapCourse course,
    RunningSwaps running,
    WaitingSwaps waiting,
    ReservationKeeper reservations,
    AnswerProofs proofs,
    LaneLedger ledger,
    EpochCounter epochs,
    RandomNumberGenerator random,
    TimeProvider time)
{
    /// <summary>An idempotency key is remembered this long.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    /// <summary>
    /// Somebody wants a model, and has asked for it at a moment of the monotonic clock. Null while it is not known whether the one that is shown as running does
    /// run: then it is asked for a token, and the wish comes again.
    /// </summary>
    public async Task<SwapOutcome?> AdmitAsync(SwapRequest request, TimeSpan? askedAt, CancellationToken cancellationToken)
    {
        var fingerprint = $"{request.Lane}\n{request.Model}";
        if (request.IdempotencyKey is { } key && await journal.FindByKeyAsync(key, time.GetUtcNow() - KeyLifetime, cancellationToken) is { } earlier)
        {
            var job = await records.FindAsync(SwapJobId.Parse(earlier.Id), cancellationToken) ?? earlier.ToJob();
            return earlier.Request == fingerprint ? new SwapOutcome.Accepted(job) : new SwapOutcome.KeyReused(job);
        }

        if (Decide(request, askedAt) is not { } verdict)
        {
            return null;
        }

        if (verdict is not SwapAdmission.Verdict.Admitted admitted)
        {
            return ((SwapAdmission.Verdict.Refused)verdict).Outcome;
        }

        var kept = reservations.Keep(request.Lane, request.Pass);
        await reservations.MakeWayAsync(request.Lane, request.Pass, request.RequestedBy, cancellationToken);
        var swap = new LaneSwap
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
            },
            Pass = kept,
            IdempotencyKey = request.IdempotencyKey,
            RequestFingerprint = request.IdempotencyKey is null ? null : fingerprint,
        };
        return new SwapOutcome.Accepted(admitted.HasToWait
            ? await waiting.AddAsync(swap with { Wanted = admitted.Target }, cancellationToken)
            : await running.BeginAsync(course.NewRun(await PrepareAsync(swap, admitted, cancellationToken)), cancellationToken));
    }

    /// <summary>
    /// The turn of a waiting job has come: the job with what it needs now, or the refusal it would get if it were asked for now. It gets an epoch of its own,
    /// because others may have been given one since it was accepted. <paramref name="isSilent"/>: the model that is shown as running generated nothing.
    /// </summary>
    public async Task<(LaneSwap? Swap, SwapOutcome? Refusal)> ReconsiderAsync(LaneSwap swap, bool isSilent, CancellationToken cancellationToken)
    {
        var wish = new SwapRequest { Model = swap.Job.Model!.Value.Value, Lane = swap.Job.Lane, RequestedBy = swap.Job.RequestedBy, Pass = swap.Pass };
        return admission.Decide(wish, running: null, waiting: [], isStaying: false, isSilent) switch
        {
            SwapAdmission.Verdict.Admitted admitted =>
                (await PrepareAsync(swap with { Job = swap.Job with { Epoch = epochs.Next() } }, admitted, cancellationToken), null),
            SwapAdmission.Verdict.Refused refused => (null, refused.Outcome),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Somebody wants nothing to run on a lane.</summary>
    public async Task<SwapOutcome> AdmitStopAsync(LaneId lane, LanePass pass, string by, CancellationToken cancellationToken)
    {
        if (publisher.FindLane(lane) is not { } now)
        {
            return admission.UnknownLane();
        }

        if (reservations.FindObstacle(lane, pass) is { } obstacle)
        {
            return obstacle;
        }

        if (running.Find(lane) is { } swap)
        {
            return new SwapOutcome.InProgress(swap.Job);
        }

        if (waiting.On(lane) is [var first, ..])
        {
            return new SwapOutcome.InProgress(first);
        }

        if (now is { Serving: null, Condition.Kind: ConditionKind.Stopped })
        {
            return new SwapOutcome.AlreadySo(null);
        }

        if (admission.WhyNotStop(now) is { } unusable)
        {
            return unusable;
        }

        await reservations.MakeWayAsync(lane, pass, by, cancellationToken);
        return new SwapOutcome.Accepted(await running.BeginAsync(
            course.NewRun(new LaneSwap
            {
                Job = new SwapJob
                {
                    Id = SwapJobId.New(random),
                    Lane = lane,
                    Kind = SwapKind.Stop,
                    Model = recovery.FindServing(now),
                    ModelName = now.Serving?.Name ?? ledger.Find(lane).Name ?? "The model",
                    State = SwapState.Queued,
                    RequestedBy = by,
                    Epoch = epochs.Next(),
                    StartedAt = time.GetUtcNow(),
                    From = recovery.FindServing(now),
                    FromName = now.Serving?.Name,
                },
            }),
            cancellationToken));
    }

    private SwapAdmission.Verdict? Decide(SwapRequest request, TimeSpan? askedAt)
    {
        var (runs, waits, isStaying) = (running.Find(request.Lane)?.Job, waiting.On(request.Lane), waiting.IsStaying(request.Lane));
        var verdict = admission.Decide(request, runs, waits, isStaying);
        return verdict is not SwapAdmission.Verdict.Refused { Outcome: SwapOutcome.AlreadySo { Model: { } shown } } ? verdict : proofs.Find(request.Lane, shown, askedAt) switch
        {
            null => null,
            true => verdict,
            false => admission.Decide(request, runs, waits, isStaying, isSilent: true),
        };
    }

    private async Task<LaneSwap> PrepareAsync(LaneSwap swap, SwapAdmission.Verdict.Admitted admitted, CancellationToken cancellationToken)
    {
        var previous = recovery.FindPrevious(admitted.Now);
        return swap with
        {
            Job = swap.Job with
            {
                Remarks = admitted.Now.Serving?.Id == admitted.Card.Id ? swap.Job.Remarks.Add(SwapSentences.Silent(admitted.Card.Name)) : swap.Job.Remarks,
                From = recovery.FindServing(admitted.Now) ?? previous?.Id,
                FromName = admitted.Now.Serving?.Name ?? previous?.Name,
                ServedName = admitted.Launch.ServedName,
            },
            Wanted = admitted.Target,
            // A start that failed is not tried again with the same words (F-13).
            Previous = previous?.Id == admitted.Card.Id ? null : previous,
            Hosts = admitted.Launch.Hosts,
            Estimate = await journal.FindEstimateAsync(swap.Job.Lane, admitted.Card.Id, admitted.Launch.Hosts, image: null, cancellationToken),
        };
    }
}
