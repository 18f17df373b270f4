namespace Appliance.Cluster.Keys;

/// <summary>For what a key is asked.</summary>
public enum KeyDemand
{
    /// <summary>For nothing.</summary>
    Off,

    /// <summary>For what changes something, and for the pages, whose buttons do. Asking models and reading stay open.</summary>
    Changes,

    /// <summary>For everything but the signs of life.</summary>
    All,
}
