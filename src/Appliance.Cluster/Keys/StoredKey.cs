using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Keys;

/// <summary>A key with what is kept of its secret.</summary>
internal sealed record StoredKey(AccessKey Key, TokenHash Hash);
