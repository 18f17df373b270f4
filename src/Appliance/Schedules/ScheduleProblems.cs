using Appliance.Cluster.Schedules;
using Appliance.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Schedules;

/// <summary>The refusals of the registry in HTTP's words.</summary>
internal static class ScheduleProblems
{
    public static ProblemHttpResult Of(ScheduleOutcome refusal) => refusal switch
    {
        ScheduleOutcome.Invalid invalid => Answer(
            new Refusal(
                StatusCodes.Status422UnprocessableEntity,
                "invalid_schedule",
                string.Join(' ', invalid.Problems.Select(problem => problem.Message)),
                "Correct the fields that errors lists and send it again. Nothing was changed."),
            ("errors", invalid.Problems.Select(problem => new FieldErrorWire(problem.Field, problem.Message)).ToArray())),
        ScheduleOutcome.Exists exists => Answer(
            new Refusal(
                StatusCodes.Status409Conflict,
                "schedule_exists",
                "There is a plan of that id already.",
                "PUT /api/schedule/{id} replaces it; leave id out to get a new one."),
            ("id", exists.Schedule.Id.Value)),
        ScheduleOutcome.Full full => Answer(new Refusal(
            StatusCodes.Status409Conflict, "too_many_schedules", $"There are {full.Most} plans already, and more are not kept.", "Remove those that are over.")),
        _ => throw new System.Diagnostics.UnreachableException($"{refusal.GetType().Name} is no refusal."),
    };

    public static ProblemHttpResult Unknown { get; } = Answer(
        new Refusal(StatusCodes.Status404NotFound, "unknown_schedule", "There is no plan of that id.", "GET /api/schedule lists them."));

    private static ProblemHttpResult Answer(Refusal refusal, params ReadOnlySpan<(string Name, object? Value)> more) =>
        TypedResults.Problem(Problem.Of(refusal, more));
}
