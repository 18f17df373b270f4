using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Gateway.PassThrough;

/// <summary>Maps the rows of <see cref="PassThroughTable"/>, and tells callers who use their paths in another way.</summary>
internal static class PassThroughMapping
{
    public static void MapPassThrough(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<PassThroughEndpoint>();
        foreach (var route in PassThroughTable.Routes)
        {
            endpoints.MapMethods(route.Path, [route.Method], (Delegate)((HttpContext context) => endpoint.HandleAsync(context, route)))
                .WithMetadata(route, LimitOfRow.Instance)
                .WithName(route.Name)
                .WithSummary(route.Summary)
                .Produces(StatusCodes.Status200OK)
                .Produces<ErrorEnvelope>(StatusCodes.Status400BadRequest)
                .Produces<ErrorEnvelope>(StatusCodes.Status404NotFound)
                .Produces<ErrorEnvelope>(StatusCodes.Status413PayloadTooLarge)
                .Produces<ErrorEnvelope>(StatusCodes.Status429TooManyRequests)
                .Produces<ErrorEnvelope>(StatusCodes.Status502BadGateway)
                .Produces<ErrorEnvelope>(StatusCodes.Status503ServiceUnavailable);
        }

        // Where the catch-all below /v1 does not reach.
        foreach (var path in PassThroughTable.Routes.Select(route => route.Path).Where(path => !path.StartsWith("/v1/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            endpoints.Map(path, (HttpContext context) => RefuseAsync(context)).ExcludeFromDescription();
        }
    }

    /// <summary>No such path, or not in this way.</summary>
    public static Task RefuseAsync(HttpContext context)
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

    /// <summary>The limit depends on a setting, so <see cref="RequestReader"/> puts it on; nobody may put on a smaller one before.</summary>
    private sealed class LimitOfRow : IRequestSizeLimitMetadata
    {
        public static readonly LimitOfRow Instance = new();

        public long? MaxRequestBodySize => null;
    }
}
