using Appliance.Cluster.Routing;

namespace Appliance.Routing;

/// <summary>One server behind the gateway.</summary>
internal sealed record EndpointWire
{
    public required string Id { get; init; }

    public required UpstreamTask Task { get; init; }

    public required UpstreamAvailability State { get; init; }

    public string? Reason { get; init; }

    /// <summary>The server itself: no name is resolved, no swap is waited for.</summary>
    public required string DirectUrl { get; init; }

    /// <summary>Through this appliance; absent when there is no such route.</summary>
    public string? ProxiedUrl { get; init; }

    /// <summary>The loaded model's name; absent while nothing is loaded.</summary>
    public string? ServedName { get; init; }

    public string? Model { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public int? MaxModelLength { get; init; }

    public DateTimeOffset? Since { get; init; }

    public static EndpointWire From(Upstream upstream, string? proxiedUrl) => new()
    {
        Id = upstream.Id,
        Task = upstream.Task,
        State = upstream.Availability,
        Reason = upstream.Reason,
        DirectUrl = upstream.Address.GetLeftPart(UriPartial.Authority),
        ProxiedUrl = proxiedUrl,
        ServedName = upstream.ServedName.Length == 0 ? null : upstream.ServedName,
        Model = upstream.ModelId,
        Names = upstream.Names,
        MaxModelLength = upstream.MaxModelLength,
        Since = upstream.Since,
    };
}
