namespace Appliance.Cluster.Routing;

/// <summary>Whether a server can take a request.</summary>
public enum UpstreamAvailability
{
    /// <summary>It can. A busy server is serving.</summary>
    Serving,

    /// <summary>Its model is on the way.</summary>
    Loading,

    /// <summary>It does not answer, is stuck, or nothing is loaded.</summary>
    Down,
}
