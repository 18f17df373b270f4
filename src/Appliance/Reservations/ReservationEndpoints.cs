using System.Diagnostics;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.View;
using Appliance.Security;
using Appliance.Swaps;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Appliance.Reservations;

internal static class ReservationEndpoints
{
    public static IEndpointConventionBuilder MapReservations(this IEndpointRouteBuilder endpoints)
    {
        var all = endpoints.MapGroup("/api/swap/lock").WithTags("Reservation lock")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        all.MapGet("", GetLockAsync).WithName("GetLock").WithSummary("Who has reserved a lane, and until when").WithSecurityClass(SecurityClass.OperatorRead);

        var changes = all.MapGroup("").WithSecurityClass(SecurityClass.Mutate);
        changes.MapPost("", ReserveAsync).WithName("ReserveLane").WithSummary("Reserve a lane, or extend your reservation with its token")
            .ProducesProblem(StatusCodes.Status409Conflict);
        changes.MapDelete("", ReleaseAsync).WithName("ReleaseLane").WithSummary("Give a lane back with its token, or end a reservation by force")
            .ProducesProblem(StatusCodes.Status403Forbidden);
        return all;
    }

    private static async Task<Results<Ok<LockWire>, ProblemHttpResult>> GetLockAsync(
        string? lane, ReservationDesk desk, ClusterView view, CancellationToken cancellationToken)
    {
        if (!LaneId.TryParse(lane ?? LaneId.Main.Value, out var id))
        {
            return ReservationProblems.BadLane;
        }

        return view.Current.FindLane(id) is null
            ? ReservationProblems.UnknownLane([.. view.Current.Lanes.Select(known => known.Definition.Id.Value)])
            : TypedResults.Ok(LockWire.From(await desk.FindAsync(id, cancellationToken)));
    }

    private static async Task<Results<Ok<LockWire>, ProblemHttpResult>> ReserveAsync(
        LockAskWire wire, HttpRequest request, ReservationDesk desk, CancellationToken cancellationToken)
    {
        if (!LaneId.TryParse(wire.Lane ?? LaneId.Main.Value, out var lane))
        {
            return ReservationProblems.BadLane;
        }

        var token = SwapToken.Find(request, wire.Token);
        if (ReservationAsk.TryCreate(lane, wire.Holder, wire.Note, wire.TtlSeconds, token is null ? null : TokenHash.Of(token)) is not { } ask)
        {
            return ReservationProblems.BadHolder;
        }

        return await desk.ReserveAsync(ask, cancellationToken) switch
        {
            ReservationOutcome.Granted granted => TypedResults.Ok(LockWire.From(granted.Reservation) with { Token = granted.Token.Reveal() }),
            ReservationOutcome.Extended extended => TypedResults.Ok(LockWire.From(extended.Reservation) with { Token = token }),
            ReservationOutcome.Held held => ReservationProblems.Held(held.By, request.HttpContext.Response),
            ReservationOutcome.Settling settling => ReservationProblems.Settling(settling.Left, request.HttpContext.Response),
            ReservationOutcome.Lost => ReservationProblems.Lost,
            ReservationOutcome.UnknownLane unknown => ReservationProblems.UnknownLane(unknown.Known),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<Results<Ok<LockWire>, ProblemHttpResult>> ReleaseAsync(
        [FromBody] LockReleaseWire? wire, string? lane, string? force, HttpRequest request, ReservationDesk desk, CancellationToken cancellationToken)
    {
        if (!LaneId.TryParse(lane ?? wire?.Lane ?? LaneId.Main.Value, out var id))
        {
            return ReservationProblems.BadLane;
        }

        if (!Force.TryRead(force, out var isForced))
        {
            return ReservationProblems.BadForce;
        }

        var pass = SwapToken.PassOf(request, wire?.Token, isForced);
        return await desk.ReleaseAsync(id, pass, Requester.Of(request), cancellationToken) switch
        {
            ReservationOutcome.Freed => TypedResults.Ok(LockWire.From(null)),
            ReservationOutcome.Unchanged unchanged => TypedResults.Ok(LockWire.From(unchanged.Now)),
            ReservationOutcome.WrongToken => ReservationProblems.WrongToken,
            ReservationOutcome.UnknownLane unknown => ReservationProblems.UnknownLane(unknown.Known),
            _ => throw new UnreachableException(),
        };
    }
}
