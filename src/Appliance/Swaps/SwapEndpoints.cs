using System.Diagnostics;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.Events;
using Appliance.Problems;
using Appliance.Reservations;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Swaps;

internal static class SwapEndpoints
{
    private const int RecentJobs = 50;

    public static IEndpointConventionBuilder MapSwaps(this IEndpointRouteBuilder endpoints)
    {
        var all = endpoints.MapGroup("/api").WithTags("Swap");
        var reads = all.MapGroup("/swap").WithSecurityClass(SecurityClass.OperatorRead);
        reads.MapGet("", GetSwapsAsync).WithName("GetSwaps").WithSummary("What runs, what waits and the newest jobs");
        reads.MapGet("/{jobId}", GetSwapAsync).WithName("GetSwap").WithSummary("One job").ProducesProblem(StatusCodes.Status404NotFound);
        reads.MapGet("/{jobId}/events", FollowSwapAsync).WithName("FollowSwap")
            .WithSummary("A job as server-sent events (state, progress, log); resumes from Last-Event-ID and ends with the job")
            .ProducesProblem(StatusCodes.Status404NotFound);
        reads.MapGet("/{jobId}/logs", GetSwapLogAsync).WithName("GetSwapLog").WithSummary("The captured log of the model's server, also after a failure")
            .ProducesProblem(StatusCodes.Status404NotFound);

        var changes = all.MapGroup("").WithSecurityClass(SecurityClass.Mutate)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status423Locked);
        changes.MapPost("/swap", StartSwapAsync).WithName("StartSwap").WithSummary("Make a model the running one, or with dry_run tell what that would do")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        changes.MapPost("/swap/{jobId}/cancel", CancelSwapAsync).WithName("CancelSwap").WithSummary("Undo a running job and bring the previous model back")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        changes.MapPost("/stop", StopAsync).WithName("StopModel").WithSummary("Stop the running model")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        return all;
    }

    private static async Task<Results<Ok<SwapPlanWire>, Ok<SwapAcceptedWire>, Ok<SwapWire>, Accepted<SwapAcceptedWire>, ProblemHttpResult>> StartSwapAsync(
        SwapAskWire wire, HttpRequest request, SwapEngine engine, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var (ask, refusal) = SwapAsk.Read(wire, request);
        if (ask is null)
        {
            return TypedResults.Problem(Problem.Of(refusal!));
        }

        var outcome = ask.IsDryRun
            ? await engine.PlanAsync(ask.Request, cancellationToken)
            : await engine.RequestAsync(ask.Request, cancellationToken);
        switch (outcome)
        {
            case SwapOutcome.Planned planned:
                return TypedResults.Ok(SwapPlanWire.From(planned.Plan));
            case SwapOutcome.AlreadySo { Model: { } model }:
                return TypedResults.Ok(SwapAcceptedWire.AlreadyLive(model));
            case SwapOutcome.Accepted accepted:
                var job = ask.Wait > TimeSpan.Zero
                    ? await WaitAsync(accepted.Job, ask.Wait, engine, lifetime.ApplicationStopping, cancellationToken)
                    : accepted.Job;
                return ask.Wait > TimeSpan.Zero && job.State.IsTerminal()
                    ? TypedResults.Ok(SwapWire.From(job))
                    : TypedResults.Accepted(SwapUrls.Of(job.Id), SwapAcceptedWire.From(job));
            default:
                return SwapProblems.Of(outcome, request.HttpContext.Response);
        }
    }

    /// <summary>The job as it is at the end of the wait. An appliance that ends answers at once: the job goes on when it is back.</summary>
    private static async Task<SwapJob> WaitAsync(SwapJob job, TimeSpan wait, SwapEngine engine, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        try
        {
            return await engine.WaitAsync(job.Id, wait, until.Token) ?? job;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return job;
        }
    }

    private static async Task<Results<Ok<SwapAcceptedWire>, Accepted<SwapAcceptedWire>, ProblemHttpResult>> StopAsync(
        StopAskWire? wire, HttpRequest request, SwapEngine engine, CancellationToken cancellationToken)
    {
        if (!LaneId.TryParse(wire?.Lane ?? LaneId.Main.Value, out var lane))
        {
            return TypedResults.Problem(Problem.Of(Problems.Refusal.BadRequest with { Code = "bad_field", Detail = "lane has to be the id of a lane, for example main." }));
        }

        return await engine.StopAsync(lane, SwapToken.PassOf(request, wire?.Token, wire?.Force == true), Requester.Of(request), cancellationToken) switch
        {
            SwapOutcome.Accepted accepted => TypedResults.Accepted(SwapUrls.Of(accepted.Job.Id), SwapAcceptedWire.From(accepted.Job)),
            SwapOutcome.AlreadySo => TypedResults.Ok(SwapAcceptedWire.AlreadyStopped),
            var refusal => SwapProblems.Of(refusal, request.HttpContext.Response),
        };
    }

    private static async Task<Results<Accepted<SwapWire>, ProblemHttpResult>> CancelSwapAsync(
        string jobId, string? force, HttpRequest request, SwapEngine engine, CancellationToken cancellationToken)
    {
        if (!Force.TryRead(force, out var isForced))
        {
            return ReservationProblems.BadForce;
        }

        if (SwapProblems.FindId(jobId) is not { } id)
        {
            return SwapProblems.UnknownJob;
        }

        return await engine.CancelAsync(id, SwapToken.PassOf(request, isForced: isForced), Requester.Of(request), cancellationToken) switch
        {
            CancelOutcome.Cancelling cancelling => TypedResults.Accepted(SwapUrls.Of(id), SwapWire.From(cancelling.Job)),
            CancelOutcome.AlreadyEnded ended => SwapProblems.AlreadyEnded(ended.Job),
            CancelOutcome.UnknownJob => SwapProblems.UnknownJob,
            CancelOutcome.Refused refused => SwapProblems.Of(refused.Why, request.HttpContext.Response),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>With a model, only its own jobs are listed as the newest ones; a model that nobody knows has none.</summary>
    private static async Task<Ok<SwapListWire>> GetSwapsAsync(SwapEngine engine, ClusterView view, CancellationToken cancellationToken, string? model = null, int limit = RecentJobs)
    {
        var snapshot = view.Current;
        ModelId? id = model is null ? null : ModelNames.Find(snapshot, model)?.Id ?? (ModelId.TryParse(model, out var parsed) ? parsed : null);
        var recent = (model, id) switch
        {
            (null, _) => await engine.ReadRecentAsync(limit, cancellationToken),
            (_, { } known) => await engine.ReadRecentAsync(known, limit, cancellationToken),
            _ => [],
        };
        var current = snapshot.MainLane?.Swap ?? snapshot.Lanes.Select(lane => lane.Swap).FirstOrDefault(swap => swap is not null);
        return TypedResults.Ok(new SwapListWire
        {
            Current = current is null ? null : SwapWire.From(current),
            Queue = [.. snapshot.Lanes.SelectMany(lane => lane.Queue).Select(SwapWire.From)],
            Recent = [.. recent.Where(job => job.State.IsTerminal()).Select(SwapWire.From)],
        });
    }

    private static async Task<Results<Ok<SwapWire>, ProblemHttpResult>> GetSwapAsync(string jobId, SwapEngine engine, CancellationToken cancellationToken) =>
        await FindAsync(jobId, engine, cancellationToken) is { } job ? TypedResults.Ok(SwapWire.From(job)) : SwapProblems.UnknownJob;

    private static async Task<Results<Ok<SwapLogWire>, ProblemHttpResult>> GetSwapLogAsync(string jobId, SwapEngine engine, CancellationToken cancellationToken) =>
        await FindAsync(jobId, engine, cancellationToken) is { } job
            ? TypedResults.Ok(new SwapLogWire(
                job.Id.Value,
                await engine.ReadLogAsync(job.Id, cancellationToken),
                [.. (await engine.ReadServerLogsAsync(job.Id, cancellationToken)).Select(ServerLogWire.From)]))
            : SwapProblems.UnknownJob;

    private static async Task<Results<EventStream, ProblemHttpResult>> FollowSwapAsync(
        string jobId, HttpRequest request, SwapEngine engine, CancellationToken cancellationToken)
    {
        if (await FindAsync(jobId, engine, cancellationToken) is not { } job)
        {
            return SwapProblems.UnknownJob;
        }

        var after = LastEventId.Find(request) ?? 0;
        return new EventStream(untilEnd => SwapStream.ReadAsync(engine, job.Id, after, untilEnd));
    }

    private static async Task<SwapJob?> FindAsync(string jobId, SwapEngine engine, CancellationToken cancellationToken) =>
        SwapProblems.FindId(jobId) is { } id ? await engine.FindAsync(id, cancellationToken) : null;
}
