using System.Collections.Immutable;

namespace Appliance.Cluster.Routing;

/// <summary>What the gateway may send requests to. Thread-safe; every call answers from the newest snapshot.</summary>
public interface IUpstreams
{
    /// <summary>Every server that is known, live or not.</summary>
    ImmutableArray<Upstream> All { get; }

    /// <summary>
    /// Finds who answers for a model name (an id, a repo, a served name; null or <c>default</c> means the first live one, else the first) among the servers of a task.
    /// </summary>
    UpstreamMatch Find(string? model, UpstreamTask task);
}
