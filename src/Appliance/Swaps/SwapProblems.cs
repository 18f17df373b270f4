using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Models;
using Appliance.Problems;
using Appliance.Reservations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Swaps;

/// <summary>The refusals of the swap engine in HTTP's words: the only place that knows their status codes.</summary>
internal static class SwapProblems
{
    public static ProblemHttpResult Of(SwapOutcome refusal, HttpResponse response) => refusal switch
    {
        SwapOutcome.Locked locked => ReservationProblems.Locked(locked.By, response),
        SwapOutcome.WrongToken => ReservationProblems.WrongToken,
        SwapOutcome.UnknownLane lane => Answer(
            StatusCodes.Status404NotFound,
            "unknown_lane",
            "There is no lane of that name.",
            "The field known lists the lanes.",
            ("known", lane.Known)),
        SwapOutcome.UnknownModel model => Answer(
            StatusCodes.Status404NotFound,
            "unknown_model",
            "There is no such model on the disks.",
            "The field known lists the models; GET /api/models tells more about them.",
            ("known", model.Known)),
        SwapOutcome.NotReady notReady => Answer(
            StatusCodes.Status422UnprocessableEntity,
            notReady.Model.State == ModelState.NeedsSetup ? "needs_setup" : "not_ready",
            notReady.Why,
            advice: null,
            ("model", notReady.Model.Id.Value)),
        SwapOutcome.DoesNotFit misfit => Answer(
            StatusCodes.Status422UnprocessableEntity,
            "does_not_fit",
            misfit.Fit.Why,
            advice: null,
            ("model", misfit.Model.Id.Value),
            ("fit", FitWire.From(misfit.Fit)),
            ("offers", misfit.Offers.Select(OfferWire.From).ToArray())),
        SwapOutcome.DiskFull full => Answer(
            StatusCodes.Status422UnprocessableEntity,
            "disk_full",
            full.Why,
            "Delete a model that is not needed, or clear the disk.",
            ("free_bytes", full.Free.Bytes),
            ("needed_bytes", SwapOutcome.DiskFull.Least.Bytes)),
        SwapOutcome.HostUnusable host => Answer(
            StatusCodes.Status422UnprocessableEntity,
            "host_unreachable",
            $"{host.HostName} cannot be used: {host.Fault.Message}",
            host.Fault.Advice),
        SwapOutcome.InProgress running => Answer(
            StatusCodes.Status409Conflict,
            "swap_in_progress",
            running.Running.State == SwapState.Queued
                ? $"{running.Running.ModelName} is waiting for its turn, and nobody overtakes."
                : $"{running.Running.ModelName} is being worked on right now; one thing at a time.",
            "Wait for the job to end, cancel it, or send queue: true to wait for your turn.",
            ("job", SwapWire.From(running.Running))),
        SwapOutcome.QueueFull full => Answer(
            StatusCodes.Status429TooManyRequests,
            "queue_full",
            $"{full.Waiting} changes are waiting there already, and no more are taken.",
            "Look at GET /api/swap for who asks so often, and cancel what is not needed."),
        SwapOutcome.KeyReused reused => Answer(
            StatusCodes.Status422UnprocessableEntity,
            "idempotency_key_reused",
            "This Idempotency-Key was used for a different request before.",
            "Use a new key for a new wish.",
            ("job", SwapWire.From(reused.Earlier))),
        _ => throw new System.Diagnostics.UnreachableException($"{refusal.GetType().Name} is no refusal."),
    };

    public static ProblemHttpResult UnknownJob =>
        Answer(StatusCodes.Status404NotFound, "unknown_job", "There is no job of that id.", "GET /api/swap lists the newest ones.");

    public static ProblemHttpResult AlreadyEnded(SwapJob job) => Answer(
        StatusCodes.Status409Conflict,
        "already_ended",
        "This job has already ended, so there is nothing to cancel.",
        advice: null,
        ("job", SwapWire.From(job)));

    public static SwapJobId? FindId(string text) => SwapJobId.TryParse(text, out var id) ? id : null;

    private static ProblemHttpResult Answer(int status, string code, string detail, string? advice, params ReadOnlySpan<(string Name, object? Value)> more) =>
        TypedResults.Problem(Problem.Of(new Problems.Refusal(status, code, detail, advice), more));
}
