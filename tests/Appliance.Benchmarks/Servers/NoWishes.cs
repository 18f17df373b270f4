using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;

namespace Appliance.Benchmarks.Servers;

/// <summary>Nothing is ever loaded for a request.</summary>
internal sealed class NoWishes : IModelWishes
{
    public Task<WishOutcome> WantAsync(ModelId model, CancellationToken cancellationToken) =>
        Task.FromResult<WishOutcome>(new WishOutcome.Refused("not_ready", "Nothing is loaded here."));
}
