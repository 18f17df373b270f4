using Appliance.Cluster.Keys;
using Appliance.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Keys;

/// <summary>The refusals around keys, in words.</summary>
internal static class KeyProblems
{
    public static ProblemHttpResult BadScope { get; } = Make(
        StatusCodes.Status422UnprocessableEntity, "bad_field", "scope is use, swap or admin.", "use may ask models, swap may also change them, admin may do everything.");

    public static ProblemHttpResult BadName { get; } = Make(
        StatusCodes.Status422UnprocessableEntity, "bad_field", $"name is what the key is for, 1 to {KeyBook.LongestName} characters, for example the name of the program.");

    public static ProblemHttpResult Unknown { get; } = Make(StatusCodes.Status404NotFound, "unknown_key", "There is no such key.", "GET /api/keys lists them.");

    public static ProblemHttpResult LastAdmin { get; } = Make(
        StatusCodes.Status409Conflict,
        "last_admin_key",
        "This is the last key that lets anybody in while keys are asked for.",
        "Make another admin key first, or set REQUIRE_KEYS to off.");

    public static ProblemHttpResult NameTaken(AccessKey by) => TypedResults.Problem(Problem.Of(
        new Refusal(StatusCodes.Status409Conflict, "name_taken", "There is a key with that name already.", "Revoke it, or choose another name."), ("key_id", by.Id.Value)));

    public static ProblemHttpResult TooMany(int most) => Make(StatusCodes.Status409Conflict, "too_many_keys", $"There are {most} keys, which is as many as there may be.", "Revoke some that nobody uses.");

    private static ProblemHttpResult Make(int status, string code, string detail, string? advice = null) =>
        TypedResults.Problem(Problem.Of(new Refusal(status, code, detail, advice)));
}
