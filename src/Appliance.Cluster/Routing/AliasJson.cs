using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Appliance.Cluster.Routing;

/// <summary>A list of models as it is stored.</summary>
[JsonSerializable(typeof(ImmutableArray<string>))]
internal sealed partial class AliasJson : JsonSerializerContext;
