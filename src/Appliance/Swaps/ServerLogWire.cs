using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

/// <summary>The last lines of a model server, taken before it was stopped or after it ended by itself.</summary>
internal sealed record ServerLogWire(string ModelName, string? StartedBy, string? StoppedBy, DateTimeOffset KeptAt, IReadOnlyList<string> Lines)
{
    public static ServerLogWire From(ServerLog log) => new(log.ModelName, log.StartedBy?.Value, log.StoppedBy?.Value, log.KeptAt, log.Lines);
}
