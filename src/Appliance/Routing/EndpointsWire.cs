namespace Appliance.Routing;

/// <summary>Every server with both its addresses. <c>base_url</c> is what OpenAI clients are configured with.</summary>
internal sealed record EndpointsWire(string BaseUrl, string? Model, IReadOnlyList<EndpointWire> Endpoints);
