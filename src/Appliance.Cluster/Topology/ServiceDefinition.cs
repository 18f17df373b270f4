using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Topology;

/// <summary>Something with a tile that is not a lane: speech, embeddings, a vector store, a bot.</summary>
public sealed record ServiceDefinition
{
    /// <summary>Our name for it.</summary>
    public required ServiceId Id { get; init; }

    /// <summary>The name people see, for example "Listening".</summary>
    public required string Name { get; init; }

    /// <summary>What it does in a few words, for example "Speech to text".</summary>
    public required string Purpose { get; init; }

    /// <summary>What it speaks.</summary>
    public required ServiceKind Kind { get; init; }

    /// <summary>The machine it runs on.</summary>
    public required HostId Host { get; init; }

    /// <summary>The port it answers on; null for a service that does not listen (a bot).</summary>
    public int? Port { get; init; }

    /// <summary>The container to look at; null when we only know the port.</summary>
    public string? Container { get; init; }

    /// <summary>The path that answers 200 while the service is well. Ignored without a port.</summary>
    public string HealthPath { get; init; } = "/health";
}
