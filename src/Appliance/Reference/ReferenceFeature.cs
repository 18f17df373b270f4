using Appliance.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Appliance.Reference;

internal static class ReferenceFeature
{
    public const string Document = "v1";

    public static IServiceCollection AddReference(this IServiceCollection services) =>
        services.AddOpenApi(Document, options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Appliance",
                Version = "1",
                Description = "The control plane for the AI machines at home. JSON in snake_case, times in RFC 3339 UTC, errors as RFC 9457 problem details with a stable code.",
            };
            // Whoever reads this knows under which name they reached us.
            document.Servers = [new OpenApiServer { Url = "/" }];
            return Task.CompletedTask;
        }));

    public static void MapReference(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi("/openapi/{documentName}.json").WithSecurityClass(SecurityClass.PublicRead);
        endpoints.MapGet("/docs", GetPageAsync).WithSecurityClass(SecurityClass.PublicRead).ExcludeFromDescription();
    }

    private static async Task<IResult> GetPageAsync(
        [Microsoft.Extensions.DependencyInjection.FromKeyedServices(Document)] IOpenApiDocumentProvider provider, CancellationToken cancellationToken) =>
        TypedResults.Content(ReferencePage.Write(await provider.GetOpenApiDocumentAsync(cancellationToken)), "text/html; charset=utf-8");
}
