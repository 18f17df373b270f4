using System.Collections.Immutable;

namespace Appliance.Cluster.Events;

/// <summary>Something that happened, as it is stored and sent. Never holds content (prompts, transcripts, documents) or secrets.</summary>
public sealed record ApplianceEvent
{
    /// <summary>The version of this envelope.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Grows by one per event over the life of the data directory; 0 until stored.</summary>
    public long Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The type, for example <c>swap_complete</c>; see <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>How much a person should care.</summary>
    public EventSeverity Severity { get; init; } = EventSeverity.Info;

    /// <summary>The part of the appliance that says it, for example <c>swaps</c>.</summary>
    public required string Component { get; init; }

    /// <summary>What belongs together: a job id or a request id; null when it stands alone.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>One sentence for the owner's "Recently" list.</summary>
    public required string Sentence { get; init; }

    /// <summary>Facts for programs: short words and numbers, snake_case keys.</summary>
    public ImmutableSortedDictionary<string, string> Details { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
