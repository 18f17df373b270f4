using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Gateway;

/// <summary>The data plane: the OpenAI dialect, forwarded to whoever serves the wanted model.</summary>
public static class GatewayFeature
{
    /// <summary>Adds the gateway. Needs <see cref="IUpstreams"/> and <see cref="GatewayTraffic"/>.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        return services
            .AddRequestMeter()
            .AddSingleton<UpstreamClient>()
            .AddSingleton<BodyBudget>()
            .AddSingleton<RequestReader>()
            .AddSingleton<UpstreamForwarder>()
            .AddSingleton<PassThroughEndpoint>();
    }

    /// <summary>
    /// Maps every path of the dialect, unknown paths below <c>/v1</c> included (an error object, never a page). The group is returned so that the host can put
    /// its security class on it.
    /// </summary>
    public static RouteGroupBuilder MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(string.Empty).WithTags("Gateway")
            .AddEndpointFilter<RouteGroupBuilder, RequestMeasurement>()
            .AddEndpointFilter<RouteGroupBuilder, OpenAiGuard>();
        group.MapGet("/v1/models", (IUpstreams upstreams) => ModelsEndpoint.List(upstreams))
            .WithName("ListModels")
            .WithSummary("The models that answer now.")
            .Produces<ModelList>();
        group.MapGet("/v1/models/{**id}", (HttpContext context, string id, IUpstreams upstreams) => ModelsEndpoint.FindAsync(context, id, upstreams))
            .WithName("RetrieveModel")
            .WithSummary("One model that answers now, by any of its names.")
            .Produces<ListedModel>()
            .Produces<ErrorEnvelope>(StatusCodes.Status404NotFound);
        foreach (var route in PassThroughTable.Routes)
        {
            group.MapMethods(route.Path, [route.Method], (HttpContext context, PassThroughEndpoint endpoint) => endpoint.HandleAsync(context, route))
                .WithMetadata(route)
                .WithName(route.Name)
                .WithSummary(route.Summary)
                .Produces(StatusCodes.Status200OK)
                .Produces<ErrorEnvelope>(StatusCodes.Status400BadRequest)
                .Produces<ErrorEnvelope>(StatusCodes.Status404NotFound)
                .Produces<ErrorEnvelope>(StatusCodes.Status413PayloadTooLarge)
                .Produces<ErrorEnvelope>(StatusCodes.Status502BadGateway)
                .Produces<ErrorEnvelope>(StatusCodes.Status503ServiceUnavailable);
        }

        // The same paths in any other way, where the catch-all does not reach.
        foreach (var path in PassThroughTable.Routes.Select(route => route.Path).Where(path => !path.StartsWith("/v1/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            group.Map(path, (HttpContext context) => RefuseAsync(context)).ExcludeFromDescription();
        }

        group.Map("/v1/{**rest}", (HttpContext context) => RefuseAsync(context))
            .WithName("UnknownGatewayPath")
            .WithSummary("Everything else below /v1 is an error object.")
            .ExcludeFromDescription();
        return group;
    }

    private static Task RefuseAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        var rows = PassThroughTable.Routes.Where(route => string.Equals(route.Path, path, StringComparison.OrdinalIgnoreCase)).ToArray();
        var isModels = string.Equals(path, "/v1/models", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/v1/models/", StringComparison.OrdinalIgnoreCase);
        var allowed = isModels ? HttpMethods.Get : string.Join(", ", rows.Select(row => row.Method));
        var dialect = rows.FirstOrDefault()?.Errors ?? ErrorDialect.OpenAi;
        if (allowed.Length == 0)
        {
            return FailureWriter.WriteAsync(context, Failure.NoSuchPath(path), dialect);
        }

        context.Response.Headers.Allow = allowed;
        return FailureWriter.WriteAsync(context, Failure.WrongMethod(path, allowed), dialect);
    }
}
