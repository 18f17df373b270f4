using System.Text.Json;
using System.Text.RegularExpressions;
using Appliance.Tests.Architecture;
using Appliance.Tests.Running;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

/// <summary>Endpoints, OpenAPI and docs/api say the same.</summary>
[Collection(ApplianceTests.Name)]
public sealed partial class ReferenceTests(ApplianceRun appliance)
{
    // Pages, files and the reference itself are for browsers and have no row.
    private IReadOnlyList<MappedEndpoint> Described =>
        [.. MappedEndpoint.All(appliance.Services)
            .Where(target => target.Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null
                && target.Endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true)];

    [Fact]
    public void Every_call_of_the_api_has_a_name_and_a_summary()
    {
        var calls = MappedEndpoint.All(appliance.Services)
            .Where(target => IsCall(target.Path))
            .ToArray();

        calls.ShouldNotBeEmpty();
        foreach (var call in calls)
        {
            call.Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>().ShouldNotBeNull(call.ToString());
            call.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>().ShouldNotBeNull(call.ToString());
        }
    }

    [Fact]
    public async Task Open_api_and_endpoints_are_the_same()
    {
        var operations = await ReadOperationsAsync();
        var mapped = Described.Select(Row).ToArray();

        operations.Select(operation => operation.Row).Order(StringComparer.Ordinal).ShouldBe(mapped.Order(StringComparer.Ordinal));
        foreach (var (row, operation) in operations)
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace(row);
            operation.GetProperty("operationId").GetString().ShouldNotBeNullOrWhiteSpace(row);
            operation.GetProperty("responses").EnumerateObject().ShouldNotBeEmpty(row);
        }
    }

    [Fact]
    public void Docs_and_endpoints_are_the_same()
    {
        var folder = Path.Combine(Repository.Root, "docs", "api");
        var rows = Directory.GetFiles(folder, "*.md").SelectMany(File.ReadLines)
            .Select(line => DocsRow().Match(line))
            .Where(match => match.Success)
            .Select(match => $"{match.Groups["method"].Value} {match.Groups["path"].Value} {match.Groups["name"].Value}");
        var mapped = Described.Select(target => $"{Row(target)} {target.Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName}");

        rows.Order(StringComparer.Ordinal).ShouldBe(mapped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reference_page_lists_every_call_without_a_script()
    {
        var html = await appliance.Client.GetStringAsync(new Uri("/docs", UriKind.Relative));

        foreach (var target in Described)
        {
            html.ShouldContain(Row(target));
        }

        html.ShouldNotContain("<script");
        html.ShouldNotContain("style=");
    }

    private static bool IsCall(string path) =>
        path.StartsWith("/api", StringComparison.Ordinal) || path.StartsWith("/v1", StringComparison.Ordinal) || path is "/healthz" or "/readyz";

    private static string Row(MappedEndpoint target) => $"{target.Method} /{RouteParameter().Replace(target.Endpoint.RoutePattern.RawText!.Trim('/'), "{$1}")}";

    private async Task<IReadOnlyList<(string Row, JsonElement Operation)>> ReadOperationsAsync()
    {
        var text = await appliance.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        using var document = JsonDocument.Parse(text);
        return [.. from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value.Clone())];
    }

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>/\S*)` \| `(?<name>\w+)` \|", RegexOptions.NonBacktracking)]
    private static partial Regex DocsRow();

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex RouteParameter();
}
