using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Discovery;

/// <summary>
/// Lists the model caches of all hosts at the start, every minute and when asked, in one round trip per host, and keeps the last good listing of each.
/// The only writer of <see cref="Current"/>. Thread-safe.
/// </summary>
public sealed partial class ModelDiscovery(ITopology topology, IHostShell shell, TimeProvider time, ILogger<ModelDiscovery> log) : BackgroundService
{
    /// <summary>Between two listings. A listing costs the host some 20 ms of CPU, and people see a finished download within this time.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private static readonly RemoteScript Script = RemoteScript.Load(typeof(ModelDiscovery), "list-models");

    private readonly SemaphoreSlim _oneScan = new(1, 1);
    private readonly Lock _gate = new();
    private readonly List<Channel<DiskInventory>> _followers = [];
    private DiskInventory _current = DiskInventory.Empty;

    /// <summary>The newest inventory.</summary>
    public DiskInventory Current => Volatile.Read(ref _current);

    /// <summary>
    /// Lists every host now and answers the inventory afterwards. A scan under way is waited for first, so that what was changed before the call is seen.
    /// Hosts that do not answer keep their last good listing and carry the fault.
    /// </summary>
    public async Task<DiskInventory> RefreshAsync(CancellationToken cancellationToken)
    {
        await _oneScan.WaitAsync(cancellationToken);
        try
        {
            await Task.WhenAll(topology.Current.Hosts.Select(host => ScanAsync(host, cancellationToken)));
            return Current;
        }
        finally
        {
            _oneScan.Release();
        }
    }

    /// <summary>The newest inventory, then every newer one, until cancelled. A slow reader skips inventories and never queues them.</summary>
    public async IAsyncEnumerable<DiskInventory> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<DiskInventory>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            channel.Writer.TryWrite(_current);
            _followers.Add(channel);
        }

        try
        {
            await foreach (var inventory in channel.Reader.ReadHereAsync(cancellationToken))
            {
                yield return inventory;
            }
        }
        finally
        {
            lock (_gate)
            {
                _followers.Remove(channel);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _oneScan.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogScanFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ScanAsync(HostDefinition host, CancellationToken cancellationToken)
    {
        // 1,000 models with 5 kB of config each are 5 MB; more than 32 MB is no model cache.
        var command = ShellCommand.Of(Script, host.CacheDirectory.ToWords()) with { OutputLimit = 32 << 20, Deadline = TimeSpan.FromSeconds(60) };
        var outcome = await shell.RunAsync(host.Id, command, cancellationToken);
        if (outcome.Problem is { } problem)
        {
            LogNotListed(host.Id, problem.Kind, problem.Message);
            Publish(disk => disk with { Fault = problem }, host.Id);
            return;
        }

        var listing = outcome is ShellOutcome.Completed completed ? CacheListingReader.Read(completed.Output) : CacheListing.Nothing;
        if (!listing.IsWhole)
        {
            var fault = Explain(host, listing);
            LogNotListed(host.Id, fault.Kind, fault.Message);
            Publish(disk => disk with { Fault = fault }, host.Id);
            return;
        }

        LogListed(host.Id, listing.Models.Length);
        var now = time.GetUtcNow();
        Publish(disk => disk with { ObservedAt = now, Fault = null, Models = Reuse(disk.Models, listing.Models) }, host.Id);
    }

    private void Publish(Func<HostDisk, HostDisk> change, HostId changed)
    {
        lock (_gate)
        {
            var disks = topology.Current.Hosts
                .Select(host => _current.FindHost(host.Id) ?? new HostDisk { Host = host.Id })
                .Select(disk => disk.Host == changed ? change(disk) : disk)
                .ToImmutableArray();
            var next = new DiskInventory { Hosts = disks, IsComplete = disks.All(disk => disk.ObservedAt is not null) };
            Volatile.Write(ref _current, next);
            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(next);
            }
        }
    }

    // An unchanged list is the same instance, so that readers may compare by reference before they join again.
    private static ImmutableArray<CachedModel> Reuse(ImmutableArray<CachedModel> old, ImmutableArray<CachedModel> listed) =>
        old.SequenceEqual(listed) ? old : listed;

    private static HostFault Explain(HostDefinition host, CacheListing listing) => listing.Obstacle switch
    {
        "unreadable" => new(HostFaultKind.UnexpectedShell, $"The model folder on {host.Name} cannot be read.", $"Let the login user read {host.CacheDirectory}/hub."),
        "no-find" => new(HostFaultKind.UnexpectedShell, $"{host.Name} cannot list its models.", "Install GNU find (findutils) there."),
        _ => new(HostFaultKind.UnexpectedShell, $"{host.Name} answered the question for its models with something else.", "Try: ssh to it and look for output of the login scripts."),
    };

    [LoggerMessage(LogLevel.Debug, "Models on {Host}: {Count}")]
    private partial void LogListed(HostId host, int count);

    [LoggerMessage(LogLevel.Debug, "Models on {Host} not listed, the last good list stays: {Kind}: {Message}")]
    private partial void LogNotListed(HostId host, HostFaultKind kind, string message);

    [LoggerMessage(LogLevel.Error, "The listing of the model caches failed; it is tried again in a minute")]
    private partial void LogScanFailed(Exception exception);
}
