using Appliance.Cluster.Health;
using Appliance.Simulation.Running;

namespace Appliance.Simulation.Machines;

/// <summary>Asks simulated servers what <see cref="HttpModelProbe"/> asks real ones.</summary>
internal sealed class SimulatedProbe(Home home, Place appliance, Random random) : IModelProbe
{
    // vLLM takes a request and never answers when its engine hangs; the real probe gives up after such a time too.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<IdentityAnswer> IdentifyAsync(Uri server, CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        return home.FindOpen(server) is { Model: { } model }
            ? new IdentityAnswer.Named(model.ServedName, model.Repo, model.MaxModelLength)
            : new IdentityAnswer.Refused();
    }

    public async Task<GenerationAnswer> GenerateAsync(Uri server, string servedName, CancellationToken cancellationToken)
    {
        var begin = appliance.Clock.GetTimestamp();
        await PauseAsync(cancellationToken);
        if (home.FindOpen(server) is not { } port)
        {
            return new GenerationAnswer.Nothing("Nobody listens there.");
        }

        if (port.Behaviour.Wedged)
        {
            await Task.Delay(Patience, appliance.Clock, cancellationToken);
            return new GenerationAnswer.Nothing("No token came.");
        }

        await PauseAsync(cancellationToken);
        if (home.FindOpen(server) != port || port.Model!.ServedName != servedName)
        {
            return new GenerationAnswer.Nothing("The connection broke.");
        }

        port.Generate(appliance.Clock.GetElapsedTime(0));
        return new GenerationAnswer.Token(appliance.Clock.GetElapsedTime(begin));
    }

    public async Task<ServerCounters?> ReadCountersAsync(Uri server, CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        return home.FindOpen(server) is { } port ? new ServerCounters(0, 0, port.Tokens, port.Tokens, 0, 0) : null;
    }

    public Task<string?> CheckAsync(Uri healthAddress, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    private Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 60)), appliance.Clock, cancellationToken);
}
