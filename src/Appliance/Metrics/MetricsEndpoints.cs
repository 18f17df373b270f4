using Appliance.Cluster.Metrics;
using Appliance.Problems;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Metrics;

internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        // Made now, so that nothing is missed before the first look.
        endpoints.ServiceProvider.GetRequiredService<MeterReader>();
        var group = endpoints.MapGroup("").WithTags("Metrics").WithSecurityClass(SecurityClass.OperatorRead);
        group.MapGet("/metrics", GetText).WithName("GetMetricsText").WithSummary("All numbers as text for Prometheus");
        group.MapGet("/api/metrics", GetJson).WithName("GetMetrics").WithSummary("The same numbers as JSON: latencies, per model counts, errors and tokens");
        group.MapGet("/api/requests", GetRequests).WithName("GetRequests").WithSummary("The last requests to /v1, newest first, while REQUEST_LOG is on")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static Utf8ContentHttpResult GetText(MeterReader reader) => TypedResults.Text(PrometheusPage.Write(reader.Read()), PrometheusPage.ContentType);

    private static Ok<MetricsWire> GetJson(MeterReader reader, TimeProvider time) => TypedResults.Ok(MetricsWire.From(reader.Read(), time.GetUtcNow()));

    private static Results<Ok<RequestsWire>, ProblemHttpResult> GetRequests(RequestRing ring, int limit = 100) =>
        limit is < 1 or > RequestRing.Size
            ? TypedResults.Problem(Problem.Of(Refusal.BadRequest with { Detail = $"limit is 1 to {RequestRing.Size}.", Advice = null }))
            : TypedResults.Ok(new RequestsWire(ring.IsOn, [.. ring.Read(limit).Select(RequestWire.From)]));
}
