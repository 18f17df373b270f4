using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Appliance.Cluster.Primitives;
using Appliance.Demo.Cache;
using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Scenarios;

namespace Appliance.Demo.Launching;

/// <summary>
/// A simulated <c>vllm serve</c>: writes its start-up log on the clock, takes memory on the way, and at the end opens a real HTTP server.
/// On several machines there is one of it, with a part on each. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither has a timer or a wait handle: there is nothing to free.")]
internal sealed class SimulatedServer
{
    private readonly LaunchWorld _world;
    private readonly ServeCommand _serve;
    private readonly DemoModel? _model;
    private readonly ImmutableArray<ServerPart> _parts;
    private readonly IModelPort? _port;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Task _run = Task.CompletedTask;
    private ServerState _state = ServerState.Loading;
    private bool _isOpen;

    private SimulatedServer(LaunchWorld world, ServeCommand serve, ImmutableArray<ServerPart> parts, IModelPort? port)
    {
        _world = world;
        _serve = serve;
        _parts = parts;
        _port = port;
        _model = Head.Host.Cache.Find(serve.Repo);
    }

    public ServerPart Head => _parts[0];

    public ServeCommand Serve => _serve;

    public DemoModel? Model => _model;

    public ServerState State
    {
        get => _state;
        private set => _state = value;
    }

    /// <summary>The HTTP server of this model; null while it does not serve.</summary>
    public IModelPort? Port => State == ServerState.Serving ? _port : null;

    /// <summary>Starts loading. <paramref name="port"/> null is a port that is taken.</summary>
    public static SimulatedServer Start(LaunchWorld world, ServeCommand serve, ImmutableArray<ServerPart> parts, IModelPort? port)
    {
        var server = new SimulatedServer(world, serve, parts, port);
        server.Occupy();
        server._run = server.RunAsync();
        return server;
    }

    /// <summary>A server that has been serving for a while: its log is written, its port is open.</summary>
    public static async Task<SimulatedServer> StartServingAsync(
        LaunchWorld world, ServeCommand serve, ImmutableArray<ServerPart> parts, IModelPort port, CancellationToken cancellationToken)
    {
        var server = new SimulatedServer(world, serve, parts, port);
        server.Occupy();
        var whole = server.LoadTime(1);
        foreach (var line in StartupScript.Write(serve, server._model!, whole, server.Held()))
        {
            server.Log(line, server.Head.Container.StartedAt + (whole * line.At));
        }

        server.Take(server.Held());
        await server.OpenAsync(cancellationToken);
        return server;
    }

    /// <summary>Ends it: the load is given up, the port closes, the memory is free. Idempotent.</summary>
    public async Task StopAsync()
    {
        // Not CancelAsync: what waits for the load goes on here and not on a thread of the pool, so that a simulation stays in its order.
#pragma warning disable CA1849
        _stop.Cancel();
#pragma warning restore CA1849
        await _run;
        await EndAsync();
    }

    /// <summary>The host went away or came back: its port with it.</summary>
    public async Task SetReachableAsync(bool isReachable)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (State == ServerState.Serving && isReachable != _isOpen)
            {
                await (isReachable ? OpenPortAsync(CancellationToken.None) : _port!.CloseAsync());
                _isOpen = isReachable;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The faults changed while it serves.</summary>
    public void Behave(bool isWedged)
    {
        if (_port is { } port && _model is { } model && State == ServerState.Serving)
        {
            port.Behaviour = _world.BehaviourOn(Head.Host, model.TokensPerSecond) with { Wedged = isWedged };
        }
    }

    private async Task RunAsync()
    {
        try
        {
            var fatal = FindFatalLines();
            var whole = LoadTime(_world.Faults.LoadFactor);
            var lines = _model is null ? fatal! : Merge(StartupScript.Write(_serve, _model, whole, Held()), fatal);
            var at = 0.0;
            foreach (var line in lines)
            {
                if (line.At > at)
                {
                    await Task.Delay(whole * (line.At - at) / _world.Speed, _world.Time, _stop.Token);
                    at = line.At;
                    TakeUntil(at);
                }

                if (line.At >= 1 && fatal is null)
                {
                    await OpenAsync(_stop.Token);
                }

                Log(line, _world.Time.GetUtcNow());
            }

            if (fatal is not null)
            {
                await EndAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped while it loaded: the container that stops it frees what it took.
        }
    }

    private static IEnumerable<StartupLine> Merge(IEnumerable<StartupLine> good, IReadOnlyList<StartupLine>? fatal) =>
        fatal is null ? good : good.TakeWhile(line => line.At < fatal[0].At).Concat(fatal);

    // The order is vLLM's own: files, configuration, port, free memory, then what goes wrong on the way.
    private List<StartupLine>? FindFatalLines()
    {
        if (_model is not { MissingShards: 0 } || _parts.Any(part => part.Host.Cache.Find(_serve.Repo) is null))
        {
            return [.. FatalLines.MissingFiles(_serve.Repo, 0.04)];
        }

        var failure = _world.Faults.StartFailureSpares.Contains(_model.Repo) ? StartFailure.None : _world.Faults.StartFailure;
        if (failure == StartFailure.Crash)
        {
            return [.. FatalLines.UnsupportedArchitecture(StartupScript.FindArchitecture(_model.ConfigJson), 0.045)];
        }

        if (_port is null)
        {
            return [.. FatalLines.PortTaken(_serve.Port, 0.045)];
        }

        var free = _parts.Min(part => part.Host.MemoryAvailable);
        if (free < Weights())
        {
            return [.. FatalLines.NotEnoughMemory(free, _serve.Utilization ?? 0.9, 0.13)];
        }

        return failure == StartFailure.OutOfMemory ? [.. FatalLines.OutOfMemory(0.71)] : null;
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _port!.Behaviour = _world.BehaviourOn(Head.Host, _model!.TokensPerSecond) with { Wedged = _world.Faults.WedgedAtStart };
            if (Head.Host.IsOnline)
            {
                await OpenPortAsync(cancellationToken);
                _isOpen = true;
            }

            State = ServerState.Serving;
        }
        finally
        {
            _gate.Release();
        }
    }

    private Task OpenPortAsync(CancellationToken cancellationToken) => _port!.OpenAsync(
        new FakeModel(_serve.Repo, _serve.ServedName, _serve.MaxModelLength ?? _model!.MaxModelLength, _model!.Capabilities), cancellationToken);

    private async Task EndAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_isOpen)
            {
                await _port!.CloseAsync();
                _isOpen = false;
            }

            State = ServerState.Ended;
        }
        finally
        {
            _gate.Release();
        }

        foreach (var part in _parts.Where(part => part.Container.Server == this))
        {
            part.Host.GiveBack(part.Container.GpuMemory, _world.Faults.MemoryReturnFactor);
            part.Container.GpuMemory = default;
            part.Container.Server = null;
        }
    }

    // A second server in the same container does not replace the first: its port is taken, so it only writes into the log.
    private void Occupy()
    {
        foreach (var part in _parts.Where(_ => _port is not null))
        {
            part.Container.Server = this;
        }
    }

    private void TakeUntil(double at)
    {
        if (_model is null || _port is null)
        {
            return;
        }

        var weights = Math.Clamp((at - StartupScript.WeightsBegin) / (StartupScript.WeightsEnd - StartupScript.WeightsBegin), 0, 1);
        Take(at >= StartupScript.CacheAllocated ? Held() : new ByteSize((long)(Weights().Bytes * weights)));
    }

    private void Take(ByteSize memory)
    {
        foreach (var part in _parts)
        {
            part.Container.GpuMemory = memory;
        }
    }

    private ByteSize Weights() => new(_model is null ? 0 : _model.Size.Bytes / _parts.Length);

    // vLLM takes its whole share whatever the model needs; without a number the demo leaves room for others.
    private ByteSize Held()
    {
        var asked = _serve.Utilization is { } share
            ? new ByteSize((long)(Machines.SimulatedHost.MemoryTotal.Bytes * Math.Clamp(share, 0, 1)))
            : Weights() + ByteSize.FromGigabytes(14);
        var free = _parts.Min(part => part.Host.MemoryAvailable + part.Container.GpuMemory) - ByteSize.FromGigabytes(4);
        var held = asked < free ? asked : free;
        return held < Weights() ? Weights() : held;
    }

    // 20 to 40 s for a newcomer who watches; a real Spark takes 60 to 90 s warm and minutes cold.
    private TimeSpan LoadTime(double factor) => TimeSpan.FromSeconds(Math.Min(40, 18 + ((_model?.Size.Gigabytes ?? 0) / 5)) * factor);

    private void Log(StartupLine line, DateTimeOffset now) => Head.Container.Log.Append(line.Format(now));
}
