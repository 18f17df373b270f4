using Appliance.Cluster.Keys;

namespace Appliance.Keys;

/// <summary>A key without its secret. <c>last_used_at</c> is the hour of the last use; absent when it was never used.</summary>
internal sealed record KeyWire(string Id, string Name, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    public static KeyWire From(AccessKey key) => new(key.Id.Value, key.Name, KeyWords.Name(key.Scope), key.CreatedAt, key.LastUsedAt);
}
