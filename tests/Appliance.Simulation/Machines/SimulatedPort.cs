using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Launching;

namespace Appliance.Simulation.Machines;

/// <summary>A port without a socket: who asks it is <see cref="SimulatedProbe"/>.</summary>
internal sealed class SimulatedPort(int port) : IModelPort
{
    private readonly Dictionary<string, TimeSpan> _lastTokens = [];

    public int Port => port;

    public bool IsOpen { get; private set; }

    public FakeModel? Model { get; private set; }

    public FakeServerBehaviour Behaviour { get; set; } = FakeServerBehaviour.Immediate;

    /// <summary>Tokens made since it was opened.</summary>
    public int Tokens { get; private set; }

    public Task OpenAsync(FakeModel model, CancellationToken cancellationToken)
    {
        (Model, IsOpen, Tokens) = (model, true, 0);
        return Task.CompletedTask;
    }

    /// <summary>The model makes a token.</summary>
    public void Generate(TimeSpan now)
    {
        Tokens++;
        _lastTokens[Model!.ServedName] = now;
    }

    /// <summary>When a model last made a token here; null when it never did.</summary>
    public TimeSpan? FindLastToken(string servedName) => _lastTokens.TryGetValue(servedName, out var at) ? at : null;

    public Task CloseAsync()
    {
        IsOpen = false;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
