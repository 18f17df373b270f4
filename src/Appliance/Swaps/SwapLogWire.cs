namespace Appliance.Swaps;

/// <summary>What was written during a job, and the kept logs of the servers that it started and stopped.</summary>
internal sealed record SwapLogWire(string JobId, IReadOnlyList<string> Lines, IReadOnlyList<ServerLogWire> ServerLogs);
