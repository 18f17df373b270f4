using System.Collections.Concurrent;
using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Health;

/// <summary>
/// Looks at every service, one look at a time per service, and is the only writer of <see cref="ClusterSnapshot.Services"/>. A service that answers is
/// believed; its container is looked at when it does not answer, when it has no port, and now and then (to notice restarts).
/// </summary>
internal sealed partial class ServiceWatch(
    ITopology topology,
    IHostShell shell,
    IModelProbe probe,
    ClusterView view,
    IEventLog events,
    TimeProvider time,
    ILogger<ServiceWatch> logger) : BackgroundService
{
    private const int BeatsKept = 30;
    private const int LooksPerContainerLook = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DockerDeadline = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ServiceId, Task> _loops = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The definition may be replaced while we run: services that come get a loop, the loop of one that goes ends by itself.
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                foreach (var service in topology.Current.Services)
                {
                    if (!_loops.TryGetValue(service.Id, out var loop) || loop.IsCompleted)
                    {
                        _loops[service.Id] = WatchAsync(service.Id, stoppingToken);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await Task.WhenAll(_loops.Values).Settled();
        }
    }

    private async Task WatchAsync(ServiceId id, CancellationToken cancellationToken)
    {
        var memory = new ServiceMemory();
        var told = ConditionKind.Unknown;
        for (var number = 0; topology.Current.Services.FirstOrDefault(service => service.Id == id) is { } definition; number++)
        {
            try
            {
                var look = await LookAsync(definition, memory, number, cancellationToken);
                memory = ServiceVerdict.Decide(memory, look, time.GetUtcNow());
                Publish(definition, memory.Condition);
                told = await TellAsync(definition, told, memory.Condition, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogLookFailed(exception, id);
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<ServiceLook> LookAsync(ServiceDefinition service, ServiceMemory memory, int number, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(service, cancellationToken);
        var isBelieved = answer is ServiceAnswer.Well && memory.Misses == 0 && number % LooksPerContainerLook != 0;
        return new ServiceLook(answer, isBelieved ? new ContainerLook.NotAsked() : await LookAtContainerAsync(service, cancellationToken));
    }

    private async Task<ServiceAnswer> AskAsync(ServiceDefinition service, CancellationToken cancellationToken)
    {
        if (topology.Current.FindEndpoint(service) is not { } endpoint)
        {
            return service.Port is null ? new ServiceAnswer.NotAsked() : new ServiceAnswer.Bad("its machine is not configured");
        }

        var begin = time.GetTimestamp();
        var problem = await probe.CheckAsync(new Uri(endpoint, service.HealthPath), cancellationToken);
        return problem is null ? new ServiceAnswer.Well(time.GetElapsedTime(begin)) : new ServiceAnswer.Bad(problem);
    }

    private async Task<ContainerLook> LookAtContainerAsync(ServiceDefinition service, CancellationToken cancellationToken)
    {
        if (service.Container is not { } container)
        {
            return new ContainerLook.NotAsked();
        }

        // The host watch knocks at a host in trouble, more and more rarely; more knocking gets our address banned (F-04) or makes it worse (F-03).
        if (view.Current.Hosts.FirstOrDefault(host => host.Definition.Id == service.Host)?.Fault is { } fault)
        {
            return new ContainerLook.HostFailed(fault);
        }

        var command = ShellCommand.Of("docker", "inspect", "--format", "{{json .State}}", container) with { Deadline = DockerDeadline };
        return ContainerStateReader.Read(await shell.RunAsync(service.Host, command, cancellationToken));
    }

    private void Publish(ServiceDefinition looked, Condition condition) => view.Update(snapshot => snapshot with
    {
        Services =
        [
            .. topology.Current.Services.Select(definition =>
            {
                var known = snapshot.Services.FirstOrDefault(service => service.Definition.Id == definition.Id) ?? new ServiceSnapshot { Definition = definition };
                known = known.Definition == definition ? known : known with { Definition = definition };
                return definition.Id == looked.Id ? Beat(known, condition) : known;
            }),
        ],
    });

    private static ServiceSnapshot Beat(ServiceSnapshot service, Condition condition)
    {
        var kept = service.Beats.Length < BeatsKept ? service.Beats : service.Beats[^(BeatsKept - 1)..];
        return service with { Condition = condition == service.Condition ? service.Condition : condition, Beats = kept.Add(condition.Kind) };
    }

    /// <summary>
    /// An event for every turn between well, stopped and the kinds of trouble; returns what the list of events now says. Starting and Unknown are on the way
    /// to something and tell nothing. What was so when we started is no event either: the page shows it.
    /// </summary>
    private async Task<ConditionKind> TellAsync(ServiceDefinition service, ConditionKind told, Condition condition, CancellationToken cancellationToken)
    {
        var now = condition.Kind == ConditionKind.Busy ? ConditionKind.Working : condition.Kind;
        if (now == told || now is ConditionKind.Starting or ConditionKind.Unknown)
        {
            return told;
        }

        if (told != ConditionKind.Unknown)
        {
            await events.AppendAsync(ServiceSentences.Turned(service, condition, now, time.GetUtcNow()), cancellationToken);
        }

        return now;
    }

    [LoggerMessage(LogLevel.Error, "A look at service {Service} failed in ourselves; it is repeated")]
    private partial void LogLookFailed(Exception exception, ServiceId service);
}
