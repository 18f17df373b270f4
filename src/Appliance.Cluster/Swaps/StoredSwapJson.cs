using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Appliance.Cluster.Swaps;

/// <summary>The two nested values of a stored job.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(SwapFailure))]
[JsonSerializable(typeof(ImmutableArray<SwapStep>))]
internal sealed partial class StoredSwapJson : JsonSerializerContext;
