using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.View;

/// <summary>A model that answers: identity and a generated token were observed.</summary>
public sealed record ServingModel
{
    /// <summary>Our id; null for a model that is not on the menu (somebody started it by hand from elsewhere).</summary>
    public ModelId? Id { get; init; }

    /// <summary>The name people see.</summary>
    public required string Name { get; init; }

    /// <summary>The owner part of the repo, for example "RedHatAI"; null when unknown.</summary>
    public string? Publisher { get; init; }

    /// <summary>The name it answers to.</summary>
    public required string ServedName { get; init; }

    /// <summary>The hosts it runs on, by name.</summary>
    public ImmutableArray<string> HostNames { get; init; } = [];

    /// <summary>Since when it answers; null when it was already there and nobody knows.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When a token was last seen to be generated.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>What it can do.</summary>
    public ImmutableArray<Capability> Capabilities { get; init; } = [];

    /// <summary>The longest prompt plus answer in tokens; null when unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Tokens per second over the last observation period; null when nothing was generated or measured.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Mean time to first token over the last observation period; null when nothing was asked.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Requests in work; null when the server does not say.</summary>
    public int? Running { get; init; }

    /// <summary>Requests that wait; null when the server does not say.</summary>
    public int? Waiting { get; init; }
}
