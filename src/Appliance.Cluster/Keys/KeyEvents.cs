using System.Collections.Immutable;
using System.Text.Json;
using Appliance.Cluster.Events;

namespace Appliance.Cluster.Keys;

/// <summary>What is told of keys. Never a secret.</summary>
internal static class KeyEvents
{
    public static ApplianceEvent Created(AccessKey key) =>
        Make(EventTypes.KeyCreated, key, key.CreatedAt, $"The key {key.Name} was made: {Words(key.Scope)}.");

    public static ApplianceEvent Revoked(AccessKey key, DateTimeOffset at) => Make(EventTypes.KeyRevoked, key, at, $"The key {key.Name} was revoked.");

    private static ApplianceEvent Make(string type, AccessKey key, DateTimeOffset at, string sentence) => new()
    {
        At = at,
        Type = type,
        Component = "keys",
        Sentence = sentence,
        Details = ImmutableSortedDictionary<string, string>.Empty
            .Add("key_id", key.Id.Value)
            .Add("scope", JsonNamingPolicy.SnakeCaseLower.ConvertName(key.Scope.ToString())),
    };

    private static string Words(KeyScope scope) => scope switch
    {
        KeyScope.Use => "it may ask models",
        KeyScope.Swap => "it may ask and change models",
        KeyScope.Admin => "it may do everything",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
