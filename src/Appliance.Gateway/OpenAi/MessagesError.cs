using System.Text.Json.Serialization;

namespace Appliance.Gateway.OpenAi;

/// <summary>An error as clients of the Messages API read it: the usual object under Anthropic's words, and its mark.</summary>
internal sealed record MessagesError(OpenAiError Error, string Src)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "error";

    public static MessagesError Of(ErrorEnvelope envelope, int status) => new(envelope.Error with { Type = TypeOf(status) }, envelope.Src);

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
