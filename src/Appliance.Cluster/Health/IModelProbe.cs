namespace Appliance.Cluster.Health;

/// <summary>Asks a model server over HTTP. Never throws for what a server does; only cancellation throws. Thread-safe.</summary>
public interface IModelProbe
{
    /// <summary>Asks <c>/v1/models</c> who answers at an address.</summary>
    Task<IdentityAnswer> IdentifyAsync(Uri server, CancellationToken cancellationToken);

    /// <summary>
    /// Lets the model produce one token. A token of reasoning counts. This is what "it works" means: servers whose engine has died still answer
    /// <c>/health</c> and <c>/v1/models</c> (F-11).
    /// </summary>
    Task<GenerationAnswer> GenerateAsync(Uri server, string servedName, CancellationToken cancellationToken);

    /// <summary>Reads the counters of <c>/metrics</c>; null when they are not there or not readable.</summary>
    Task<ServerCounters?> ReadCountersAsync(Uri server, CancellationToken cancellationToken);

    /// <summary>Asks a health path for a 200; null when it answered well, else one sentence why not.</summary>
    Task<string?> CheckAsync(Uri healthAddress, CancellationToken cancellationToken);
}
