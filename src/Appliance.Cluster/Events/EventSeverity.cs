namespace Appliance.Cluster.Events;

/// <summary>How much a person should care.</summary>
public enum EventSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Something did not go as asked, and nothing is lost.</summary>
    Warning,

    /// <summary>Something needs a person.</summary>
    Error,
}
