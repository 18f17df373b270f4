using System.Collections.Immutable;
using Appliance.Cluster.Reservations;
using Appliance.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Reservations;

/// <summary>
/// The refusals of the lock in HTTP's words; those that can say when to come back do so in Retry-After. Each is a new object: the framework writes the
/// request's ids into it.
/// </summary>
internal static class ReservationProblems
{
    /// <summary>The same for a token that was never one, has run out, was ended by force or is another lane's: nobody learns which.</summary>
    public static ProblemHttpResult WrongToken => Answer(
        StatusCodes.Status403Forbidden,
        "wrong_token",
        "This token does not hold the reservation of this lane (any more).",
        "Ask for a new reservation: POST /api/swap/lock.");

    public static ProblemHttpResult Lost => Answer(
        StatusCodes.Status409Conflict,
        "lock_lost",
        "The reservation of this token has ended, so it cannot be extended.",
        "Others may have changed the model meanwhile. Ask again without a token for a new reservation.");

    public static ProblemHttpResult BadHolder => Field("holder", "holder has to name who reserves: 1 to 64 visible characters.");

    public static ProblemHttpResult BadLane => Field("lane", "lane has to be the id of a lane, for example main.");

    public static ProblemHttpResult BadForce => Field("force", "force is true or false.");

    public static ProblemHttpResult UnknownLane(ImmutableArray<string> known) => Answer(
        StatusCodes.Status404NotFound, "unknown_lane", "There is no lane of that name.", "The field known lists the lanes.", ("known", known));

    public static ProblemHttpResult Held(Reservation by, HttpResponse response)
    {
        RetryAfter.Say(response, by.Left);
        return Answer(
            StatusCodes.Status409Conflict,
            "lock_held",
            $"{by.Holder} has reserved this lane.",
            "Wait for it to end (Retry-After says when at the latest), or ask the holder.",
            ("lock", LockWire.From(by)));
    }

    public static ProblemHttpResult Settling(TimeSpan left, HttpResponse response)
    {
        RetryAfter.Say(response, left);
        return Answer(
            StatusCodes.Status409Conflict,
            "lock_settling",
            "A reservation has just run out; its last requests get a moment to end.",
            "Ask again when Retry-After has passed.");
    }

    /// <summary>A start, stop, swap or cancel without the token.</summary>
    public static ProblemHttpResult Locked(Reservation by, HttpResponse response)
    {
        var wire = LockWire.From(by);
        RetryAfter.Say(response, by.Left);
        return Answer(
            StatusCodes.Status423Locked,
            "swap_locked",
            $"{by.Holder} has reserved this lane, so only its holder changes what runs there.",
            "Wait for the reservation to end, show its token (X-Swap-Token), or release it by force if you may.",
            ("holder", wire.Holder),
            ("note", wire.Note),
            ("expires_at", wire.ExpiresAt),
            ("seconds_remaining", wire.SecondsRemaining),
            ("lock", wire));
    }

    private static ProblemHttpResult Field(string name, string detail) =>
        TypedResults.Problem(Problem.Of(Refusal.BadRequest with { Code = "bad_field", Detail = detail, Advice = $"Correct {name} and send it again." }));

    private static ProblemHttpResult Answer(int status, string code, string detail, string advice, params ReadOnlySpan<(string Name, object? Value)> more) =>
        TypedResults.Problem(Problem.Of(new Refusal(status, code, detail, advice), more));
}
