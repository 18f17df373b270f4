using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Appliance.Cluster.Events;

/// <summary>An event as the API sends it; the members' names in snake_case are the wire's.</summary>
public sealed record EventWire
{
    /// <summary>The version of this shape: <see cref="ApplianceEvent.SchemaVersion"/>.</summary>
    public required int Schema { get; init; }

    /// <summary>The event's number; also the SSE <c>id</c>.</summary>
    public required long Id { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Ts { get; init; }

    /// <summary>The type.</summary>
    public required string Event { get; init; }

    /// <summary><c>info</c>, <c>warning</c> or <c>error</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>The part of the appliance that says it.</summary>
    public required string Component { get; init; }

    /// <summary>A job or request id; null when it stands alone.</summary>
    [JsonPropertyName("corr_id")]
    public string? CorrId { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Sentence { get; init; }

    /// <summary>Facts for programs.</summary>
    public required ImmutableSortedDictionary<string, string> Details { get; init; }

    /// <summary>The wire shape of an event.</summary>
    public static EventWire Of(ApplianceEvent happened) => new()
    {
        Schema = ApplianceEvent.SchemaVersion,
        Id = happened.Id,
        Ts = happened.At.ToUniversalTime(),
        Event = happened.Type,
        Severity = EventSeverities.ToWire(happened.Severity),
        Component = happened.Component,
        CorrId = happened.CorrelationId,
        Sentence = happened.Sentence,
        Details = happened.Details,
    };
}
