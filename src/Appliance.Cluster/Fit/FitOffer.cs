using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Fit;

/// <summary>A way to make a model fit that does not fit now, with its price. Each one was checked: when it is taken, the model fits, by the same estimate.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Text">The offer as one or two sentences, with its numbers.</param>
public sealed record FitOffer(FitOfferKind Kind, string Text)
{
    /// <summary>The lane to use, or whose model is to be stopped; null for other kinds.</summary>
    public LaneId? Lane { get; init; }

    /// <summary>The name of the model that is to be stopped; null for other kinds.</summary>
    public string? Stops { get; init; }

    /// <summary>The services that are to be stopped; empty for other kinds.</summary>
    public ImmutableArray<ServiceId> Services { get; init; } = [];

    /// <summary>The memory that becomes free on the machine that is short; null where nothing is stopped.</summary>
    public ByteSize? Frees { get; init; }

    /// <summary>The context in tokens with which it fits; null for other kinds.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The share of the memory, 0 to 1, that is enough for that context; null for other kinds.</summary>
    public double? MemoryShare { get; init; }
}
