using System.Collections.Immutable;
using Appliance.Cluster.Models;

namespace Appliance.Cluster.Routing;

/// <summary>A server that answers requests, as the gateway sees it.</summary>
public sealed record Upstream
{
    /// <summary>The lane's or service's id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    public required UpstreamTask Task { get; init; }

    /// <summary>Where it answers.</summary>
    public required Uri Address { get; init; }

    /// <summary>The name it knows its model by; request bodies are rewritten to it. Empty while it serves nothing.</summary>
    public required string ServedName { get; init; }

    /// <summary>Our id of the model, put into <c>x-served-by</c>; null for a service whose model we do not know.</summary>
    public string? ModelId { get; init; }

    /// <summary>Every name a request may use for it, compared without case: id, repo, served name.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>What its model can do; empty when unknown.</summary>
    public ImmutableArray<Capability> Capabilities { get; init; } = [];

    /// <summary>Requests that it has in work or waiting, by its own count; null when it does not say.</summary>
    public int? Load { get; init; }

    /// <summary>The longest prompt plus answer in tokens; null when unknown.</summary>
    public int? MaxModelLength { get; init; }

    /// <summary>Since when the model is loaded; null when unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether it can take a request now.</summary>
    public required UpstreamAvailability Availability { get; init; }

    /// <summary>Why it cannot, for the caller; null when it can.</summary>
    public string? Reason { get; init; }

    /// <summary>How far a running swap is, 0 to 100; null without one.</summary>
    public double? Progress { get; init; }

    /// <summary>What is left of a running swap; null until earned from history.</summary>
    public TimeSpan? Eta { get; init; }
}
