namespace Appliance.Security;

/// <summary>What a call to an endpoint can do. Every endpoint has one: the start fails for an endpoint without (default deny).</summary>
internal enum SecurityClass
{
    /// <summary>Shows nothing about the home: liveness, static files.</summary>
    PublicRead,

    /// <summary>Shows the state of the cluster.</summary>
    OperatorRead,

    /// <summary>Changes the cluster in a way that can be undone.</summary>
    Mutate,

    /// <summary>Destroys data.</summary>
    Destructive,

    /// <summary>Decides who may do what: settings, keys, which machines are trusted.</summary>
    Administer,

    /// <summary>A page for a person, and its live connection: who is on it may click everything.</summary>
    Page,

    /// <summary>How a browser gets in and out.</summary>
    Door,

    /// <summary>Passes a request on to an upstream; the upstream's work is the effect.</summary>
    Proxy,
}
