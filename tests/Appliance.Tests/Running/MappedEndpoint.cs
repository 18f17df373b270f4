using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Tests.Running;

/// <summary>One method of one endpoint, with a path that reaches it.</summary>
public sealed record MappedEndpoint(string Method, string Path, RouteEndpoint Endpoint)
{
    public static IReadOnlyList<MappedEndpoint> All(IServiceProvider services) =>
        [.. from endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
            from method in methods is { Count: > 0 } ? methods : ["GET", "POST"]
            select new MappedEndpoint(method, Fill(endpoint.RoutePattern.RawText ?? "/"), endpoint)];

    public override string ToString() => $"{Method} {Path}";

    private static string Fill(string pattern) =>
        "/" + Regex.Replace(pattern.Trim('/', '~'), @"\{[^}]*\}", "x", RegexOptions.None, TimeSpan.FromSeconds(1));
}
