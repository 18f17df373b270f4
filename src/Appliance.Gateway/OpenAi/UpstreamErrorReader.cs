using System.Text;
using System.Text.Json;

namespace Appliance.Gateway.OpenAi;

/// <summary>
/// Reads the error shapes of the servers behind us into the one shape of OpenAI: vLLM's number as code, FastAPI's <c>detail</c> (text, object or list),
/// TEI's flat object, llama.cpp's types, a bare text. Pure.
/// </summary>
internal static class UpstreamErrorReader
{
    private const int NotFound = 404;

    /// <summary>Enough for every real sentence; a larger text is something else.</summary>
    private const int LongestMessage = 4_096;

    /// <summary>A text that is no JSON counts as a message up to here; longer ones are pages or traces.</summary>
    private const int LongestPlainText = 500;

    public static ErrorEnvelope Read(int status, ReadOnlyMemory<byte> body)
    {
        OpenAiError? error = null;
        try
        {
            using var json = JsonDocument.Parse(body);
            error = FromRoot(json.RootElement, status);
        }
        catch (JsonException)
        {
            // Not JSON: one sentence of a web framework, or an HTML page of some proxy, whose text is not for the caller.
            error = FromPlainText(body.Span, status);
        }

        return ErrorEnvelope.Theirs(error ?? new OpenAiError($"The model server answered {status} and gave no reason.", TypeOf(status), null, CodeOf(status, null)));
    }

    private static OpenAiError? FromPlainText(ReadOnlySpan<byte> body, int status)
    {
        if (body.Length > LongestPlainText || body.ContainsAny("<{["u8))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(body).Trim();
        return text.Contains('\uFFFD', StringComparison.Ordinal) ? null : Make(text, status, null, null);
    }

    private static OpenAiError? FromRoot(JsonElement root, int status)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return root.ValueKind == JsonValueKind.String ? Make(root.GetString(), status, null, null) : null;
        }

        if (root.TryGetProperty("error", out var error))
        {
            return error.ValueKind == JsonValueKind.Object ? FromObject(error, status) : Make(TextOf(error), status, null, null);
        }

        if (root.TryGetProperty("detail", out var detail))
        {
            return detail.ValueKind switch
            {
                JsonValueKind.String when status == NotFound && detail.ValueEquals("Not Found") =>
                    new OpenAiError("The model server does not offer this kind of request.", TypeOf(status), null, "unknown_url"),
                JsonValueKind.Object when detail.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object => FromObject(inner, status),
                JsonValueKind.Object => FromObject(detail, status),
                JsonValueKind.Array => Make(Join(detail), status, null, null),
                _ => Make(TextOf(detail), status, null, null),
            };
        }

        return FromObject(root, status);
    }

    private static OpenAiError? FromObject(JsonElement value, int status) =>
        Make(Find(value, "message") ?? Find(value, "error"), status, Find(value, "param"), Find(value, "code") ?? (IsTooLong(value) ? "context_length_exceeded" : null));

    /// <summary>OpenAI's word, by which programs shorten a conversation: llama.cpp says it as a type, vLLM in its sentence only.</summary>
    private static bool IsTooLong(JsonElement value) =>
        Find(value, "type") == "exceed_context_size_error" || Find(value, "message")?.Contains("maximum context length", StringComparison.OrdinalIgnoreCase) == true;

    private static OpenAiError? Make(string? message, int status, string? param, string? code) =>
        string.IsNullOrWhiteSpace(message) ? null : new OpenAiError(Clean(message), TypeOf(status), param, CodeOf(status, code));

    /// <summary>FastAPI's list of what did not validate.</summary>
    private static string Join(JsonElement list)
    {
        var parts = list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item =>
        {
            var where = item.TryGetProperty("loc", out var loc) && loc.ValueKind == JsonValueKind.Array
                ? string.Join('.', loc.EnumerateArray().Select(step => step.ToString()))
                : null;
            return where is null ? Find(item, "msg") : $"{where}: {Find(item, "msg")}";
        });
        return string.Join("; ", parts);
    }

    private static string? Find(JsonElement value, string name) => value.TryGetProperty(name, out var text) ? TextOf(text) : null;

    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Clean(string message)
    {
        var text = new StringBuilder(Math.Min(message.Length, LongestMessage));
        foreach (var c in message.AsSpan(0, Math.Min(message.Length, LongestMessage)))
        {
            text.Append(char.IsControl(c) && c != '\n' ? ' ' : c);
        }

        return text.ToString();
    }

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        503 => "service_unavailable",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>A word stays; a number (vLLM repeats the status there) or nothing becomes the word for the status.</summary>
    private static string? CodeOf(int status, string? code) => code ?? status switch
    {
        404 => "model_not_found",
        413 => "request_too_large",
        429 => "rate_limit_exceeded",
        >= 500 => "upstream_failed",
        _ => null,
    };
}
