namespace Appliance.Metrics;

/// <summary>The list of requests; <c>on</c> says whether one is kept.</summary>
internal sealed record RequestsWire(bool On, IReadOnlyList<RequestWire> Requests);
