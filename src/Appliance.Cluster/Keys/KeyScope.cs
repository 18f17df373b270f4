namespace Appliance.Cluster.Keys;

/// <summary>What a key is good for. Each scope includes those before it.</summary>
public enum KeyScope
{
    /// <summary>Ask models, and read the state of the cluster.</summary>
    Use,

    /// <summary>Also start, change and stop models, reserve lanes: what can be undone.</summary>
    Swap,

    /// <summary>Also everything else: settings, keys, deleting; and sign in on the page.</summary>
    Admin,
}
