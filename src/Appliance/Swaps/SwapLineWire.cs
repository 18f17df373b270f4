namespace Appliance.Swaps;

internal sealed record SwapLineWire(string Line);
