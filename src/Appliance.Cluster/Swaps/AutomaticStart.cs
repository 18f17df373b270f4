using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>One start that no person asked for.</summary>
/// <param name="Model">The model.</param>
/// <param name="Hosts">The hosts on which it was started.</param>
/// <param name="Age">How long ago, counted only while the appliance ran.</param>
internal sealed record AutomaticStart(ModelId Model, ImmutableArray<HostId> Hosts, TimeSpan Age);
