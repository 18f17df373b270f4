using Appliance.Cluster.Events;

namespace Appliance.Events;

internal sealed record EventWire
{
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Type { get; init; }

    public required EventSeverity Severity { get; init; }

    public required string Component { get; init; }

    public string? CorrelationId { get; init; }

    public required string Sentence { get; init; }

    public required IReadOnlyDictionary<string, string> Details { get; init; }

    public required int SchemaVersion { get; init; }

    public static EventWire From(ApplianceEvent happened) => new()
    {
        Id = happened.Id,
        At = happened.At,
        Type = happened.Type,
        Severity = happened.Severity,
        Component = happened.Component,
        CorrelationId = happened.CorrelationId,
        Sentence = happened.Sentence,
        Details = happened.Details,
        SchemaVersion = ApplianceEvent.SchemaVersion,
    };
}
