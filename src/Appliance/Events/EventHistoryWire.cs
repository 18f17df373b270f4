namespace Appliance.Events;

/// <summary>Stored events, newest last. <c>next_after</c> is the <c>after</c> of the next page.</summary>
internal sealed record EventHistoryWire(IReadOnlyList<EventWire> Events, long NextAfter);
