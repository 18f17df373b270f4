using Appliance.Cluster.Keys;

namespace Appliance.Keys;

/// <summary>The keys. <c>required</c> is what is asked now; it stays <c>off</c> until there is an admin key, and then <c>waiting_for_admin_key</c> is true.</summary>
internal sealed record KeysWire(string Required, bool WaitingForAdminKey, IReadOnlyList<KeyWire> Keys)
{
    public static KeysWire From(KeyBook keys) => new(KeyWords.Name(keys.Demand), keys.IsWaitingForAdmin, [.. keys.All.Select(KeyWire.From)]);
}
