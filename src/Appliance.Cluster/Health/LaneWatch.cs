using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Events;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Health;

/// <summary>
/// Looks at every lane, one look at a time per lane, and writes <see cref="LaneSnapshot.Condition"/>, <see cref="LaneSnapshot.Serving"/> and
/// <see cref="LaneSnapshot.SpeedHistory"/>. While a swap changes a lane, the swap engine says what it saw instead. Thread-safe.
/// </summary>
internal sealed partial class LaneWatch(
    ITopology topology,
    IHostShell shell,
    EngineSet engines,
    IModelProbe probe,
    ClusterView view,
    IEventLog events,
    PostMortem postMortem,
    ServerLogs logs,
    TimeProvider time,
    ILogger<LaneWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Less is correction by time synchronisation (F-23).
    private static readonly TimeSpan SmallestJump = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<LaneId, (LaneMemory Memory, long Version)> _lanes = [];
    private ClockReading _clock = ClockReading.Of(time);

    /// <summary>A swap saw the model generate, at a timestamp of the clock: shown at once, without waiting for the next look.</summary>
    public void Answered(LaneId lane, string servedName, RepoId repo, long tokenAt)
    {
        var now = time.GetUtcNow();
        var token = now - time.GetElapsedTime(tokenAt);
        Set(lane, memory => new LaneMemory
        {
            Server = new IdentityAnswer.Named(servedName, repo.ToString(), null),
            Since = now,
            TokenAt = token,
            TriedAt = token,
            Condition = new Condition(ConditionKind.Working) { Since = now, LastSeen = token },
            Speeds = memory.Speeds,
            SpeedMinute = memory.SpeedMinute,
        });
    }

    /// <summary>A swap stops what runs: from now on nothing serves here.</summary>
    public void Leaving(LaneId lane) => Set(lane, memory => new LaneMemory
    {
        Condition = new Condition(ConditionKind.Starting) { Since = time.GetUtcNow() },
        Speeds = memory.Speeds,
        SpeedMinute = memory.SpeedMinute,
    });

    /// <summary>The model was seen to have ended by itself.</summary>
    public void Crashed(LaneId lane, string reason) => Set(lane, memory => new LaneMemory
    {
        Condition = new Condition(ConditionKind.Crashed)
        {
            Reason = reason,
            Since = time.GetUtcNow(),
            Crashes = memory.Condition.Kind == ConditionKind.Crashed ? memory.Condition.Crashes : memory.Condition.Crashes + 1,
        },
        Speeds = memory.Speeds,
        SpeedMinute = memory.SpeedMinute,
    });

    /// <summary>Somebody stopped the lane, and it was seen gone.</summary>
    public void Stopped(LaneId lane, string by) => Set(lane, memory => new LaneMemory
    {
        StoppedBy = by,
        Condition = new Condition(ConditionKind.Stopped) { Reason = $"Stopped by {by}.", Since = time.GetUtcNow() },
        Speeds = memory.Speeds,
        SpeedMinute = memory.SpeedMinute,
    });

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(topology.Current.Lanes.Select(lane => WatchAsync(lane, stoppingToken)).Append(FollowMenuAsync(stoppingToken)));

    /// <summary>A server is looked at before the disks are listed: it gets its human name and its badges as soon as the menu has them.</summary>
    private async Task FollowMenuAsync(CancellationToken stoppingToken)
    {
        using var subscription = view.Subscribe();
        var menu = subscription.Initial.Models;
        await foreach (var snapshot in subscription.ReadAllAsync(stoppingToken))
        {
            if (snapshot.Models != menu)
            {
                menu = snapshot.Models;
                foreach (var lane in topology.Current.Lanes)
                {
                    Show(lane.Id, Get(lane.Id).Memory);
                }
            }
        }
    }

    private async Task WatchAsync(LaneDefinition lane, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await LookAsync(lane, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogLookFailed(exception, lane.Id.Value);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task LookAsync(LaneDefinition lane, CancellationToken cancellationToken)
    {
        var (memory, version) = Get(lane.Id);
        if (view.Current.FindLane(lane.Id)?.Swap is { State: >= SwapState.Stopping } || topology.Current.FindEndpoint(lane) is not { } server)
        {
            return;
        }

        var look = new LaneLook(await probe.IdentifyAsync(server, cancellationToken));
        if (look.Identity is IdentityAnswer.Named named)
        {
            look = look with { Counters = await probe.ReadCountersAsync(server, cancellationToken) };
            if (LaneVerdict.WantsGeneration(memory, look.Counters, time.GetUtcNow()))
            {
                look = look with { Generation = await probe.GenerateAsync(server, named.ServedName, cancellationToken) };
            }
        }
        else
        {
            var engine = engines.For(lane);
            var answer = await shell.RunAsync(lane.Head, engine.Look(lane), cancellationToken);
            look = look with { Presence = engine.ReadPresence(lane, answer), Fault = answer.Problem };
        }

        var next = LaneVerdict.Decide(memory, look, time.GetUtcNow());
        if (next.Condition.Kind == ConditionKind.Crashed && memory.Condition.Kind != ConditionKind.Crashed)
        {
            next = next with { Condition = next.Condition with { Reason = await ExplainAsync(lane, cancellationToken) ?? next.Condition.Reason } };
        }

        if (Set(lane.Id, _ => next, version))
        {
            await TellAsync(lane, memory, next, cancellationToken);
        }
    }

    /// <summary>Why a server ended, from its log, which is kept: the container takes it along.</summary>
    private async Task<string?> ExplainAsync(LaneDefinition lane, CancellationToken cancellationToken)
    {
        var (lines, cause) = await postMortem.ReadAsync(lane, [], cancellationToken);
        var serving = view.Current.FindLane(lane.Id)?.Serving;
        try
        {
            await logs.KeepAsync(lane.Id, serving?.Id, serving?.Name, stoppedBy: null, lines, cancellationToken);
        }
        catch (StoreException problem)
        {
            LogLogNotKept(problem, lane.Id.Value);
        }

        return cause?.Message;
    }

    private (LaneMemory Memory, long Version) Get(LaneId lane)
    {
        lock (_gate)
        {
            FollowClock_NeedsLock();
            return _lanes.GetValueOrDefault(lane, (new LaneMemory(), 0));
        }
    }

    /// <summary>Replaces the memory and shows it. A look that began before somebody else knew better (another version) is dropped.</summary>
    private bool Set(LaneId lane, Func<LaneMemory, LaneMemory> change, long? expectedVersion = null)
    {
        LaneMemory next;
        lock (_gate)
        {
            FollowClock_NeedsLock();
            var (memory, version) = _lanes.GetValueOrDefault(lane, (new LaneMemory(), 0));
            if (expectedVersion is { } expected && expected != version)
            {
                return false;
            }

            next = change(memory);
            _lanes[lane] = (next, expectedVersion is null ? version + 1 : version);
        }

        Show(lane, next);
        return true;
    }

    /// <summary>
    /// A wall clock that was put back must not keep "it serves" standing, and one that was put forward must not end it. A look under way is dropped: its times
    /// are of both clocks.
    /// </summary>
    private void FollowClock_NeedsLock()
    {
        var now = ClockReading.Of(time);
        var jump = now.Wall - _clock.Wall - (now.Monotonic - _clock.Monotonic);
        if (jump.Duration() < SmallestJump)
        {
            return;
        }

        _clock = now;
        foreach (var (lane, (memory, version)) in _lanes.ToArray())
        {
            _lanes[lane] = (memory.AfterJump(jump), version + 1);
        }
    }

    private void Show(LaneId id, LaneMemory memory)
    {
        var now = time.GetUtcNow();
        view.Update(snapshot =>
        {
            if (snapshot.FindLane(id) is not { } lane)
            {
                return snapshot;
            }

            var serving = memory.IsServing(now) ? Serving(snapshot, lane.Definition, memory) : null;
            var next = lane with
            {
                Condition = memory.Condition == lane.Condition ? lane.Condition : memory.Condition,
                Serving = serving,
                SpeedHistory = memory.Speeds,
            };
            return snapshot with { Lanes = snapshot.Lanes.Replace(lane, next) };
        });
    }

    private static ServingModel Serving(ClusterSnapshot snapshot, LaneDefinition lane, LaneMemory memory)
    {
        var server = memory.Server!;
        var card = snapshot.Models.FirstOrDefault(model => ServerIdentity.Matches(server, model.Recipe?.ServedName ?? model.Repo.ToString(), model.Repo));
        var hosts = card?.Recipe?.Placement == RecipePlacement.Cluster ? lane.Hosts : [lane.Head];
        return new ServingModel
        {
            Id = card?.Id,
            Name = card?.Name ?? server.ServedName,
            Publisher = card?.Repo.Owner,
            ServedName = server.ServedName,
            HostNames = [.. hosts.Select(id => snapshot.Hosts.FirstOrDefault(host => host.Definition.Id == id)?.Definition.Name ?? id.Value)],
            Since = memory.Since,
            ObservedAt = memory.TokenAt!.Value,
            Capabilities = card?.Capabilities ?? [Capability.Chat],
            ContextLength = server.MaxModelLength ?? card?.ContextLength,
            TokensPerSecond = memory.Speed,
            TimeToFirstToken = memory.FirstToken,
            Running = memory.Last?.Counters.Running,
            Waiting = memory.Last?.Counters.Waiting,
        };
    }

    /// <summary>An event for every turn between well and unwell; swaps tell their own.</summary>
    private async Task TellAsync(LaneDefinition lane, LaneMemory before, LaneMemory after, CancellationToken cancellationToken)
    {
        var (was, now) = (IsBad(before.Condition), IsBad(after.Condition));
        if (was == now || before.Condition.Kind == ConditionKind.Unknown)
        {
            return;
        }

        await events.AppendAsync(
            new ApplianceEvent
            {
                At = time.GetUtcNow(),
                Type = EventTypes.ConditionChanged,
                Severity = now ? EventSeverity.Error : EventSeverity.Info,
                Component = "health",
                Sentence = now ? $"The model on {lane.Name} has a problem: {after.Condition.Reason}" : $"The model on {lane.Name} is well again",
                Details = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["lane"] = lane.Id.Value,
                    ["state"] = after.Condition.Kind.ToString().ToLowerInvariant(),
                }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            },
            cancellationToken);
    }

    private static bool IsBad(Condition condition) => condition.Kind is ConditionKind.Stuck or ConditionKind.Crashed or ConditionKind.Unreachable;

    [LoggerMessage(LogLevel.Warning, "The log of the server on lane {Lane} that ended could not be kept")]
    private partial void LogLogNotKept(Exception exception, string lane);

    [LoggerMessage(LogLevel.Error, "Looking at lane {Lane} ended with an unexpected error; it is looked at again")]
    private partial void LogLookFailed(Exception exception, string lane);
}
