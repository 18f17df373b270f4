using System.Collections.Concurrent;
using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Health;

/// <summary>
/// Reads every host in one round trip each few seconds and publishes what it says. The only writer of <see cref="ClusterSnapshot.Hosts"/>. A host that
/// does not answer keeps its last readings with their age, is asked more and more rarely, and says why.
/// </summary>
internal sealed partial class HostWatch(ITopology topology, IHostShell shell, HostCalls calls, ClusterView view, Random jitter, TimeProvider time, ILogger<HostWatch> log)
    : BackgroundService
{
    private readonly ConcurrentDictionary<HostId, Task> _loops = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The definition may be replaced while we run: hosts that come get a loop, the loop of one that goes ends by itself.
        using var timer = new PeriodicTimer(HostWatchDelays.Usual, time);
        try
        {
            do
            {
                foreach (var host in topology.Current.Hosts)
                {
                    if (!_loops.TryGetValue(host.Id, out var loop) || loop.IsCompleted)
                    {
                        _loops[host.Id] = WatchAsync(host.Id, stoppingToken);
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

    private async Task WatchAsync(HostId id, CancellationToken cancellationToken)
    {
        var failures = 0;
        string? boot = null;
        while (topology.Current.FindHost(id) is { } host)
        {
            var called = calls.NextAsync(id);
            TimeSpan wait;
            try
            {
                var (facts, fault) = await HostFactsQuery.AskAsync(shell, host, cancellationToken);
                if (fault is null)
                {
                    failures = 0;
                    wait = HostWatchDelays.Usual;
                    NoteBoot(id, ref boot, facts!.BootId);
                    Publish(host, snapshot => HostReadings.Answered(snapshot, facts, time.GetUtcNow()));
                }
                else
                {
                    failures++;
                    wait = HostWatchDelays.After(fault.Kind, failures, jitter.NextDouble());
                    LogFailed(id, failures, fault.Kind, fault.Message);
                    Publish(host, snapshot => HostReadings.Failed(snapshot, fault, failures, time.GetUtcNow()));
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogBroken(e, id);
                wait = HostWatchDelays.Longest;
            }

            await called.WaitAsync(wait, time, cancellationToken).Settled();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Publish(HostDefinition host, Func<HostSnapshot, HostSnapshot> change) => view.Update(cluster =>
    {
        var hosts = topology.Current.Hosts.Select(definition =>
        {
            var known = cluster.Hosts.FirstOrDefault(snapshot => snapshot.Definition.Id == definition.Id) ?? new HostSnapshot { Definition = definition };
            known = known.Definition == definition ? known : known with { Definition = definition };
            return definition.Id == host.Id ? change(known) : known;
        }).ToImmutableArray();
        return hosts.AsSpan().SequenceEqual(cluster.Hosts.AsSpan(), ReferenceEqualityComparer.Instance) ? cluster : cluster with { Hosts = hosts };
    });

    private void NoteBoot(HostId host, ref string? known, string? reported)
    {
        if (known is not null && reported is not null && known != reported)
        {
            LogRestarted(host);
        }

        known = reported ?? known;
    }

    [LoggerMessage(LogLevel.Debug, "{Host} not read ({Failures} in a row): {Kind}: {Message}")]
    private partial void LogFailed(HostId host, int failures, HostFaultKind kind, string message);

    [LoggerMessage(LogLevel.Information, "{Host} was restarted")]
    private partial void LogRestarted(HostId host);

    [LoggerMessage(LogLevel.Error, "A look at {Host} failed in ourselves; it is repeated in half a minute")]
    private partial void LogBroken(Exception exception, HostId host);
}
