using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Engines;

/// <summary>All engines there are. Thread-safe.</summary>
/// <param name="engines">One per kind.</param>
public sealed class EngineSet(IEnumerable<IEngine> engines)
{
    private readonly Dictionary<EngineKind, IEngine> _engines = engines.ToDictionary(engine => engine.Kind);

    /// <summary>The engine of a lane. Every kind has one; a missing one is a bug and throws <see cref="KeyNotFoundException"/>.</summary>
    public IEngine For(LaneDefinition lane) => _engines[lane.Engine];
}
