using Appliance.Cluster.Schedules;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Schedules;

internal static class ScheduleEndpoints
{
    private const string Path = "/api/schedule";

    public static IEndpointConventionBuilder MapSchedules(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Path).WithTags("Schedules");
        group.MapGet("", GetSchedulesAsync).WithName("GetSchedules").WithSummary("What programs plan to do and when, the next one first")
            .WithSecurityClass(SecurityClass.OperatorRead);
        group.MapPost("", AddAsync).WithName("AddSchedule").WithSummary("Register a plan; the appliance shows it and starts nothing")
            .WithSecurityClass(SecurityClass.Mutate)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapPut("/{id}", PutAsync).WithName("PutSchedule").WithSummary("Register a plan under an id, in the place of the one that was there")
            .WithSecurityClass(SecurityClass.Mutate)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapDelete("/{id}", RemoveAsync).WithName("DeleteSchedule").WithSummary("Remove a plan")
            .WithSecurityClass(SecurityClass.Mutate)
            .ProducesProblem(StatusCodes.Status404NotFound);
        return group;
    }

    private static async Task<Ok<SchedulesWire>> GetSchedulesAsync(ScheduleRegistry registry, CancellationToken cancellationToken) =>
        TypedResults.Ok(SchedulesWire.From(await registry.ReadAsync(cancellationToken)));

    private static async Task<Results<Ok<ScheduleWire>, Created<ScheduleWire>, ProblemHttpResult>> AddAsync(
        ScheduleAskWire ask, ScheduleRegistry registry, TimeProvider time, CancellationToken cancellationToken) =>
        Answer(await registry.AddAsync(ask.ToDraft(id: null), cancellationToken), time);

    private static async Task<Results<Ok<ScheduleWire>, Created<ScheduleWire>, ProblemHttpResult>> PutAsync(
        string id, ScheduleAskWire ask, ScheduleRegistry registry, TimeProvider time, CancellationToken cancellationToken) =>
        Answer(await registry.PutAsync(ask.ToDraft(id), cancellationToken), time);

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string id, ScheduleRegistry registry, CancellationToken cancellationToken) =>
        ScheduleId.TryParse(id, out var schedule) && await registry.RemoveAsync(schedule, cancellationToken) ? TypedResults.NoContent() : ScheduleProblems.Unknown;

    private static Results<Ok<ScheduleWire>, Created<ScheduleWire>, ProblemHttpResult> Answer(ScheduleOutcome outcome, TimeProvider time) => outcome switch
    {
        ScheduleOutcome.Saved { IsNew: true } saved => TypedResults.Created($"{Path}/{saved.Schedule.Id}", Wire(saved.Schedule, time)),
        ScheduleOutcome.Saved saved => TypedResults.Ok(Wire(saved.Schedule, time)),
        _ => ScheduleProblems.Of(outcome),
    };

    private static ScheduleWire Wire(Schedule schedule, TimeProvider time) => ScheduleWire.From(schedule, time.GetUtcNow(), time.LocalTimeZone);
}
