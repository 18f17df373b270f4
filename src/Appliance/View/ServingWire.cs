using Appliance.Cluster.Models;
using Appliance.Cluster.View;

namespace Appliance.View;

/// <summary>The model that answers. Only what was observed is in it: a value that the server does not report is absent.</summary>
internal sealed record ServingWire
{
    public string? Id { get; init; }

    public required string Name { get; init; }

    public string? Publisher { get; init; }

    public required string ServedName { get; init; }

    public required IReadOnlyList<string> Hosts { get; init; }

    public DateTimeOffset? Since { get; init; }

    public required DateTimeOffset ObservedAt { get; init; }

    public required IReadOnlyList<Capability> Capabilities { get; init; }

    public int? ContextLength { get; init; }

    public double? TokensPerSecond { get; init; }

    public double? TimeToFirstTokenSeconds { get; init; }

    public int? RequestsRunning { get; init; }

    public int? RequestsWaiting { get; init; }

    public static ServingWire From(ServingModel serving) => new()
    {
        Id = serving.Id?.Value,
        Name = serving.Name,
        Publisher = serving.Publisher,
        ServedName = serving.ServedName,
        Hosts = serving.HostNames,
        Since = serving.Since,
        ObservedAt = serving.ObservedAt,
        Capabilities = serving.Capabilities,
        ContextLength = serving.ContextLength,
        TokensPerSecond = serving.TokensPerSecond,
        TimeToFirstTokenSeconds = serving.TimeToFirstToken?.TotalSeconds,
        RequestsRunning = serving.Running,
        RequestsWaiting = serving.Waiting,
    };
}
