using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Health;

internal static class HealthEndpoints
{
    public static IServiceCollection AddSelfHealth(this IServiceCollection services) =>
        services.AddSingleton<Loops>().AddSingleton<Readiness>();

    public static IEndpointConventionBuilder MapSelfHealth(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("").WithTags("Status").WithSecurityClass(SecurityClass.PublicRead);
        group.MapGet("/healthz", GetHealth).WithName("GetHealth").WithSummary("Whether the process and its loops are alive; no upstream is asked")
            .Produces<HealthWire>(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/readyz", GetReadinessAsync).WithName("GetReadiness").WithSummary("Whether configuration and store are good, else the reasons")
            .Produces<ReadinessWire>(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static Results<Ok<HealthWire>, JsonHttpResult<HealthWire>> GetHealth(Loops loops)
    {
        var broken = loops.FindBroken();
        return broken.Count == 0
            ? TypedResults.Ok(new HealthWire("alive", broken))
            : TypedResults.Json(new HealthWire("broken", broken), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<ReadinessWire>, JsonHttpResult<ReadinessWire>>> GetReadinessAsync(
        Readiness readiness, CancellationToken cancellationToken)
    {
        var reasons = await readiness.FindReasonsAsync(cancellationToken);
        return reasons.Count == 0
            ? TypedResults.Ok(new ReadinessWire(Ready: true, reasons, readiness.FindWarnings()))
            : TypedResults.Json(new ReadinessWire(Ready: false, reasons, readiness.FindWarnings()), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
