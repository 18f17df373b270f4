using System.Text.Json.Serialization;

namespace Appliance.Swaps;

internal sealed record SwapListWire
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public SwapWire? Current { get; init; }

    public required IReadOnlyList<SwapWire> Queue { get; init; }

    public required IReadOnlyList<SwapWire> Recent { get; init; }
}
