using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Scenarios;

namespace Appliance.Demo;

/// <summary>What kind of demo cluster is started.</summary>
public sealed record DemoOptions
{
    /// <summary>How many times faster than for a newcomer: 1 is a load of 20 to 40 s; tests use 1000. From 100 on, answers come without waiting.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>What is wrong at the start.</summary>
    public DemoScenario Scenario { get; init; } = DemoScenario.Calm;

    /// <summary>How the model servers answer; null takes each model's own speed.</summary>
    public FakeServerBehaviour? ServerBehaviour { get; init; }

    /// <summary>Whether models run at the start.</summary>
    public bool StartsWithModels { get; init; } = true;
}
