namespace Appliance.Swaps;

internal sealed record SwapLogWire(string JobId, IReadOnlyList<string> Lines);
