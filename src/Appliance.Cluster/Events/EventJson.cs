using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Appliance.Cluster.Events;

/// <summary>JSON of events: the wire and the details column.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EventWire))]
[JsonSerializable(typeof(ImmutableArray<EventWire>))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
public sealed partial class EventJson : JsonSerializerContext;
