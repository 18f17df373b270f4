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

    /// <summary>Passes a request on to an upstream; the upstream's work is the effect.</summary>
    Proxy,
}
