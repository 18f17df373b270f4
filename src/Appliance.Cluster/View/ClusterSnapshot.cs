using System.Collections.Immutable;
using Appliance.Cluster.Events;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;

namespace Appliance.Cluster.View;

/// <summary>
/// Everything that is known at one moment, immutable. The dashboard, the API and the gateway read the same value; an unchanged part is the same
/// instance as in the snapshot before, so that readers may compare by reference.
/// </summary>
public sealed record ClusterSnapshot
{
    /// <summary>Nothing looked at yet.</summary>
    public static ClusterSnapshot Empty { get; } = new();

    /// <summary>Grows with every change; never sinks within one run of the process.</summary>
    public long Generation { get; init; }

    /// <summary>When something in it was last looked at.</summary>
    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>Whether the cluster is the simulated one.</summary>
    public bool IsDemo { get; init; }

    /// <summary>The one plain sentence on top of the page.</summary>
    public string Headline { get; init; } = "Looking around…";

    /// <summary>The lanes, in the order of their definition.</summary>
    public ImmutableArray<LaneSnapshot> Lanes { get; init; } = [];

    /// <summary>The hosts, in the order of their definition.</summary>
    public ImmutableArray<HostSnapshot> Hosts { get; init; } = [];

    /// <summary>The services, in the order of their definition.</summary>
    public ImmutableArray<ServiceSnapshot> Services { get; init; } = [];

    /// <summary>The menu: what is on the disks. Ordered by name.</summary>
    public ImmutableArray<ModelCard> Models { get; init; } = [];

    /// <summary>Whether the disks were listed at least once; until then an empty menu means "not known".</summary>
    public bool ModelsAreKnown { get; init; }

    /// <summary>What is to be mended in the files that a person edits; part of <see cref="Attention"/>.</summary>
    public ImmutableArray<Attention> Configuration { get; init; } = [];

    /// <summary>What the owner wants aliases to stand for.</summary>
    public ModelAliases Aliases { get; init; } = ModelAliases.None;

    /// <summary>Why the appliance cannot keep its own data; null when it can. Part of <see cref="Attention"/>.</summary>
    public Attention? Store { get; init; }

    /// <summary>What needs a person, most important first.</summary>
    public ImmutableArray<Attention> Attention { get; init; } = [];

    /// <summary>The newest events, newest first, at most 20.</summary>
    public ImmutableArray<ApplianceEvent> Recent { get; init; } = [];

    /// <summary>The main lane, else the first; null without lanes.</summary>
    public LaneSnapshot? MainLane => Lanes.FirstOrDefault(lane => lane.Definition.Id == LaneId.Main) ?? Lanes.FirstOrDefault();

    /// <summary>The lane of that id, or null.</summary>
    public LaneSnapshot? FindLane(LaneId id) => Lanes.FirstOrDefault(lane => lane.Definition.Id == id);
}
