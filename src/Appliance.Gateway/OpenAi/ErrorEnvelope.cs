using System.Text.Json.Serialization;

namespace Appliance.Gateway.OpenAi;

/// <summary>An error as every OpenAI client reads it, and who made it.</summary>
/// <param name="Error">The error.</param>
/// <param name="Src"><c>appliance</c> or <c>upstream</c>.</param>
internal sealed record ErrorEnvelope(OpenAiError Error, string Src)
{
    private const string Upstream = "upstream";

    /// <summary>Whether the upstream made it.</summary>
    [JsonIgnore]
    public bool IsTheirs => Src == Upstream;

    public static ErrorEnvelope Ours(OpenAiError error) => new(error, "appliance");

    public static ErrorEnvelope Theirs(OpenAiError error) => new(error, Upstream);
}
