using System.Text.Json.Serialization;

namespace Appliance.Gateway.OpenAi;

/// <summary>The four keys that OpenAI promises, and what we add while a model is not there.</summary>
/// <param name="Message">For people.</param>
/// <param name="Type">The class of error.</param>
/// <param name="Param">The field at fault; null when there is none.</param>
/// <param name="Code">A stable name for programs; null when the upstream gave none.</param>
internal sealed record OpenAiError(string Message, string Type, string? Param, string? Code)
{
    /// <summary><c>loading</c> or <c>unavailable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>0 to 100 while loading.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Progress { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EtaSeconds { get; init; }
}
