using System.Text.Json.Serialization;

namespace Appliance.Gateway.OpenAi;

/// <summary>The <c>error</c> event of the Responses API, with the usual error object beside its own keys.</summary>
internal sealed record TypedErrorEvent(string? Code, string Message, string? Param, int SequenceNumber, OpenAiError Error, string Src)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "error";
}
