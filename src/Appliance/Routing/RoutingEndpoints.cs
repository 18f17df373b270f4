using Appliance.Cluster.Routing;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Routing;

internal static class RoutingEndpoints
{
    public static IEndpointConventionBuilder MapRouting(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/endpoints").WithTags("Status").WithSecurityClass(SecurityClass.OperatorRead);
        group.MapGet("", GetEndpoints).WithName("GetEndpoints").WithSummary("Direct and proxied addresses of every server, and the loaded model's name");
        endpoints.MapAliases();
        return group;
    }

    private static Ok<EndpointsWire> GetEndpoints(HttpRequest request, IUpstreams upstreams, EndpointDataSource routes)
    {
        // The gate has checked the Host header, so it is one of our own names.
        var root = $"{request.Scheme}://{request.Host}";
        var mapped = routes.Endpoints.OfType<RouteEndpoint>().Select(route => $"/{route.RoutePattern.RawText?.TrimStart('/')}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var all = upstreams.All;
        return TypedResults.Ok(new EndpointsWire(
            $"{root}/v1",
            all.FirstOrDefault(upstream => upstream is { Task: UpstreamTask.Chat, Availability: UpstreamAvailability.Serving })?.ServedName,
            [.. all.Select(upstream => EndpointWire.From(upstream, mapped.Contains(PathOf(upstream.Task)) ? root + PathOf(upstream.Task) : null))]));
    }

    private static string PathOf(UpstreamTask task) => task switch
    {
        UpstreamTask.Chat => "/v1/chat/completions",
        UpstreamTask.Embeddings => "/v1/embeddings",
        UpstreamTask.Transcription => "/v1/audio/transcriptions",
        UpstreamTask.Speech => "/v1/audio/speech",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
