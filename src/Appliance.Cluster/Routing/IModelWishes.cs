using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Routing;

/// <summary>Where the gateway says that somebody waits for a model which is not loaded (<c>AUTO_SWAP</c>). Thread-safe.</summary>
public interface IModelWishes
{
    /// <summary>
    /// Asks that a model be loaded, or joins those who do already. Decides at once: it never waits for the load. A refusal changes nothing.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Counts until the wish is being decided.</param>
    Task<WishOutcome> WantAsync(ModelId model, CancellationToken cancellationToken);
}
