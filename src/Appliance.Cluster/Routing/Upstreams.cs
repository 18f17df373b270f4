using System.Collections.Immutable;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Routing;

/// <summary>Answers from the newest snapshot and the definition in force; computed once per pair of them. Thread-safe.</summary>
public sealed class Upstreams(ClusterView view, ITopology topology) : IUpstreams
{
    private UpstreamTable? _table;

    /// <inheritdoc/>
    public ImmutableArray<Upstream> All => Table().All;

    /// <inheritdoc/>
    public Task NextChange => view.NextChange;

    /// <inheritdoc/>
    public ImmutableArray<KnownAlias> Aliases => Table().Aliases;

    /// <inheritdoc/>
    public UpstreamMatch Find(string? model, UpstreamTask task) => Table().Find(model, task);

    private UpstreamTable Table()
    {
        var snapshot = view.Current;
        var definition = topology.Current;
        var table = Volatile.Read(ref _table);
        if (table is null || !table.IsFor(snapshot, definition))
        {
            table = new UpstreamTable(snapshot, definition);
            Volatile.Write(ref _table, table);
        }

        return table;
    }
}
