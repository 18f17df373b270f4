using Appliance.Cluster.Health;

namespace Appliance.Simulation.Mistakes;

/// <summary>Takes a server's name for a sign that it generates.</summary>
internal sealed class BelievingProbe(IModelProbe probe) : IModelProbe
{
    public Task<IdentityAnswer> IdentifyAsync(Uri server, CancellationToken cancellationToken) => probe.IdentifyAsync(server, cancellationToken);

    public async Task<GenerationAnswer> GenerateAsync(Uri server, string servedName, CancellationToken cancellationToken) =>
        await probe.IdentifyAsync(server, cancellationToken) is IdentityAnswer.Named
            ? new GenerationAnswer.Token(TimeSpan.FromMilliseconds(1))
            : new GenerationAnswer.Nothing("Nobody listens there.");

    public Task<ServerCounters?> ReadCountersAsync(Uri server, CancellationToken cancellationToken) => probe.ReadCountersAsync(server, cancellationToken);

    public Task<string?> CheckAsync(Uri healthAddress, CancellationToken cancellationToken) => probe.CheckAsync(healthAddress, cancellationToken);
}
