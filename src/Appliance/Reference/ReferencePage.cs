using System.Text;
using System.Text.Encodings.Web;
using Microsoft.OpenApi;

namespace Appliance.Reference;

/// <summary>The reference page: the OpenAPI document as plain HTML, without a script.</summary>
internal static class ReferencePage
{
    public static string Write(OpenApiDocument document)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Reference · Appliance</title>")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"stylesheet\" href=\"/app.css\"></head>")
            .Append("<body><main><h1>Every call</h1><p>")
            .Append(Text(document.Info.Description))
            .Append("</p><p>For machines: <a href=\"/openapi/v1.json\">/openapi/v1.json</a>. Back to the <a href=\"/\">appliance</a>.</p>\n");
        foreach (var group in Calls(document).GroupBy(call => call.Tag).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            html.Append("<section><h2>").Append(Text(group.Key)).Append("</h2>\n");
            foreach (var call in group)
            {
                WriteCall(html, call);
            }

            html.Append("</section>\n");
        }

        return html.Append("</main></body></html>\n").ToString();
    }

    private static IEnumerable<Call> Calls(OpenApiDocument document) =>
        from path in document.Paths
        from operation in path.Value.Operations ?? []
        select new Call(
            operation.Key.Method, path.Key, operation.Value.Tags?.FirstOrDefault()?.Name ?? "Other", operation.Value);

    private static void WriteCall(StringBuilder html, Call call)
    {
        html.Append("<article><h3 id=\"").Append(Text(call.Operation.OperationId)).Append("\"><code>")
            .Append(Text(call.Method)).Append(' ').Append(Text(call.Path)).Append("</code></h3><p>")
            .Append(Text(call.Operation.Summary)).Append("</p>\n");
        WriteFields(html, call.Operation);
        html.Append("<ul>");
        foreach (var (status, response) in call.Operation.Responses ?? [])
        {
            html.Append("<li><code>").Append(Text(status)).Append("</code> ").Append(Text(response.Description));
            foreach (var type in response.Content?.Keys ?? [])
            {
                html.Append(" · ").Append(Text(type));
            }

            html.Append("</li>");
        }

        html.Append("</ul></article>\n");
    }

    private static void WriteFields(StringBuilder html, OpenApiOperation operation)
    {
        var parameters = (operation.Parameters ?? []).Select(parameter => (parameter.Name, Where: parameter.In?.ToString().ToLowerInvariant(), parameter.Schema));
        var body = operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema?.Properties ?? new Dictionary<string, IOpenApiSchema>();
        var fields = parameters.Concat(body.Select(property => ((string?)property.Key, (string?)"body", (IOpenApiSchema?)property.Value))).ToArray();
        if (fields.Length == 0)
        {
            return;
        }

        html.Append("<table><thead><tr><th>Field</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>");
        foreach (var (name, where, schema) in fields)
        {
            html.Append("<tr><td><code>").Append(Text(name)).Append("</code></td><td>").Append(Text(where)).Append("</td><td>")
                .Append(Text(schema?.Type?.ToString().Replace(", Null", "", StringComparison.Ordinal).Replace("Null, ", "", StringComparison.Ordinal).ToLowerInvariant())).Append("</td><td>")
                .Append(Text(schema?.Description)).Append("</td></tr>");
        }

        html.Append("</tbody></table>\n");
    }

    private static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    private sealed record Call(string Method, string Path, string Tag, OpenApiOperation Operation);
}
