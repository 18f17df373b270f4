using System.Collections.Immutable;
using Appliance.Cluster.Settings;
using Appliance.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Settings;

/// <summary>What can be wrong with a wish to change settings, in HTTP's words.</summary>
internal static class SettingProblems
{
    public static ProblemHttpResult NoObject { get; } = TypedResults.Problem(Problem.Of(
        Refusal.BadRequest with { Detail = "The body has to be an object of settings.", Advice = """For example {"hold_seconds": 30}. GET /api/settings lists what there is.""" }));

    public static ProblemHttpResult Bad(ImmutableArray<SettingProblem> problems) => TypedResults.Problem(Problem.Of(
        new Refusal(
            StatusCodes.Status422UnprocessableEntity,
            "bad_settings",
            problems.Length == 1 ? $"Nothing was changed. {problems[0].Message}" : $"Nothing was changed: {problems.Length} values cannot be taken.",
            "The field errors names each of them; GET /api/settings says what can be set."),
        ("errors", problems.Select(problem => new SettingErrorWire(problem.Key.ToLowerInvariant(), problem.Message)).ToArray())));

    public static ProblemHttpResult NotStored(SettingsOutcome.NotStored failed) => TypedResults.Problem(Problem.Of(
        new Refusal(StatusCodes.Status507InsufficientStorage, "not_stored", failed.Why)));
}
