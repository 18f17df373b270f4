using Appliance.Cluster.Events;

namespace Appliance.Events;

/// <summary>The envelope that programs of the described system already read, with our id and a sentence for people.</summary>
internal sealed record EventWire
{
    public required int Schema { get; init; }

    public required long Id { get; init; }

    public required DateTimeOffset Ts { get; init; }

    public required string Event { get; init; }

    public required EventSeverity Severity { get; init; }

    public required string Component { get; init; }

    public string? CorrId { get; init; }

    public required string Sentence { get; init; }

    public required IReadOnlyDictionary<string, string> Details { get; init; }

    public static EventWire From(ApplianceEvent happened) => new()
    {
        Schema = ApplianceEvent.SchemaVersion,
        Id = happened.Id,
        Ts = happened.At,
        Event = happened.Type,
        Severity = happened.Severity,
        Component = happened.Component,
        CorrId = happened.CorrelationId,
        Sentence = happened.Sentence,
        Details = happened.Details,
    };
}
