using Appliance.Cluster.Keys;

namespace Appliance.Keys;

/// <summary>A new key with its secret, which is told here only.</summary>
internal sealed record NewKeyWire(string Id, string Name, string Scope, DateTimeOffset CreatedAt, string Token)
{
    public static NewKeyWire From(AccessKey key, KeyToken token) => new(key.Id.Value, key.Name, KeyWords.Name(key.Scope), key.CreatedAt, token.Reveal());
}
