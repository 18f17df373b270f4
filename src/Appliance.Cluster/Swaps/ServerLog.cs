using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>The last lines that a model server wrote before it was stopped, or until it ended by itself.</summary>
/// <param name="ModelName">The name people see for the model.</param>
/// <param name="StartedBy">The job that started the server; null when somebody started it by other means.</param>
/// <param name="StoppedBy">The job that stopped it; null when it ended by itself.</param>
/// <param name="KeptAt">When the lines were taken.</param>
/// <param name="Lines">The lines, oldest first, at most 250.</param>
public sealed record ServerLog(string ModelName, SwapJobId? StartedBy, SwapJobId? StoppedBy, DateTimeOffset KeptAt, ImmutableArray<string> Lines);
