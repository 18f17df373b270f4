using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Appliance.Cluster.Swaps;

/// <summary>The nested values of a stored job.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(SwapFailure))]
[JsonSerializable(typeof(ImmutableArray<SwapStep>))]
[JsonSerializable(typeof(ImmutableArray<string>))]
internal sealed partial class StoredSwapJson : JsonSerializerContext;
