namespace Appliance.Events;

/// <summary>One event of a stream.</summary>
/// <param name="Id">What a reader sends back as <c>Last-Event-ID</c> to go on behind it.</param>
/// <param name="Type">The event's name.</param>
/// <param name="Data">Written as JSON on one line.</param>
internal readonly record struct StreamEvent(long Id, string Type, object Data);
