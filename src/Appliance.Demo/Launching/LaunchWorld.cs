using System.Collections.Immutable;
using System.Net;
using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Machines;
using Appliance.Demo.Scenarios;

namespace Appliance.Demo.Launching;

/// <summary>What a launch needs to know of the simulated cluster.</summary>
internal sealed class LaunchWorld(TimeProvider time, DemoOptions options)
{
    private DemoFaults _faults = DemoFaults.None;

    public TimeProvider Time => time;

    public double Speed => options.Speed;

    public ImmutableArray<SimulatedHost> Hosts { get; init; } = [];

    /// <summary>The ports on which model servers can open, by address.</summary>
    public required ImmutableDictionary<IPEndPoint, IModelPort> Ports { get; init; }

    public DemoFaults Faults
    {
        get => Volatile.Read(ref _faults);
        set => Volatile.Write(ref _faults, value);
    }

    /// <summary>How a server on that host behaves that is not stuck.</summary>
    public FakeServerBehaviour BehaviourOn(SimulatedHost host, double tokensPerSecond)
    {
        // At a test's speed nobody waits for tokens; a busy GPU is slow even then, because that is what the test looks at.
        var usual = options.ServerBehaviour
            ?? (Speed >= 100 ? FakeServerBehaviour.Immediate : new FakeServerBehaviour { TokensPerSecond = tokensPerSecond });
        return Faults.Busy.Contains(host.Id)
            ? usual with { HealthDelay = TimeSpan.FromSeconds(4) / Speed, TokensPerSecond = Math.Min(usual.TokensPerSecond, 6) }
            : usual;
    }
}
