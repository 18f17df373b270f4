using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Appliance.Cluster.Events;

/// <summary>JSON of the details column.</summary>
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
internal sealed partial class EventJson : JsonSerializerContext;
