using System.Collections.Immutable;
using System.Threading.Channels;
using Appliance.Cluster.Discovery;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.View;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Models;

/// <summary>
/// Keeps the menu in the snapshot: joins again when the disks, the recipes, or what runs changed. The only writer of <see cref="ClusterSnapshot.Models"/>.
/// </summary>
internal sealed partial class ModelMenu(ClusterView view, ModelDiscovery discovery, IRecipeBook recipes, TimeProvider time, ILogger<ModelMenu> logger)
    : BackgroundService
{
    // Recipes change when a person saves a file; memory readings, which move the fit, change every few seconds anyway.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    private (DiskInventory Disks, ImmutableArray<Recipe> Recipes, ClusterSnapshot Seen)? _joined;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One wake-up is enough however many things changed: everything is read again.
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        wake.Writer.TryWrite(true);
        using var subscription = view.Subscribe();
        using var timer = time.CreateTimer(_ => wake.Writer.TryWrite(true), null, LookEvery, LookEvery);
        var watching = Task.WhenAll(
            WakeAsync(subscription.ReadAllAsync(stoppingToken), wake.Writer),
            WakeAsync(discovery.FollowAsync(stoppingToken), wake.Writer));
        try
        {
            await foreach (var _ in wake.Reader.ReadHereAsync(stoppingToken))
            {
                try
                {
                    Publish();
                }
                catch (Exception e)
                {
                    LogNotJoined(e);
                }
            }
        }
        finally
        {
            await watching.Settled();
        }
    }

    private void Publish()
    {
        var disks = discovery.Current;
        var seen = view.Current;
        if (IsAsJoined(disks, seen))
        {
            return;
        }

        var menu = Reuse(seen.Models, MenuBuilder.Build(disks, recipes, seen));
        _joined = (disks, recipes.All, seen with { Models = menu });
        view.Update(snapshot => snapshot.Models == menu && snapshot.ModelsAreKnown == disks.IsKnown
            ? snapshot
            : snapshot with { Models = menu, ModelsAreKnown = disks.IsKnown });
    }

    /// <summary>Whether nothing that a card is made of changed since the last join: a running change writes lines and percentages many times a second.</summary>
    private bool IsAsJoined(DiskInventory disks, ClusterSnapshot seen) =>
        _joined is { } joined
        && ReferenceEquals(joined.Disks, disks)
        && joined.Recipes == recipes.All
        && joined.Seen.Models == seen.Models
        && joined.Seen.Hosts.AsSpan().SequenceEqual(seen.Hosts.AsSpan(), ReferenceEqualityComparer.Instance)
        && joined.Seen.Lanes.Length == seen.Lanes.Length
        && joined.Seen.Lanes.Zip(seen.Lanes).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(LaneSnapshot left, LaneSnapshot right) =>
        ReferenceEquals(left, right)
        || (ReferenceEquals(left.Serving, right.Serving) && ReferenceEquals(left.Condition, right.Condition) && ReferenceEquals(left.Definition, right.Definition)
            && left.Swap?.Id == right.Swap?.Id && left.Swap?.State == right.Swap?.State);

    /// <summary>An unchanged card, and an unchanged menu, are the same instance as before: readers compare by reference, and our own change ends here.</summary>
    internal static ImmutableArray<ModelCard> Reuse(ImmutableArray<ModelCard> old, ImmutableArray<ModelCard> built)
    {
        var byId = old.ToDictionary(card => card.Id);
        ImmutableArray<ModelCard> menu = [.. built.Select(card => byId.TryGetValue(card.Id, out var known) && IsSame(known, card) ? known : card)];
        return menu.Length == old.Length && menu.Zip(old).All(pair => ReferenceEquals(pair.First, pair.Second)) ? old : menu;
    }

    private static bool IsSame(ModelCard left, ModelCard right) =>
        left.Copies.SequenceEqual(right.Copies)
        && left.Capabilities.SequenceEqual(right.Capabilities)
        && left with { Copies = right.Copies, Capabilities = right.Capabilities } == right;

    private static async Task WakeAsync<T>(IAsyncEnumerable<T> changes, ChannelWriter<bool> wake)
    {
        await foreach (var _ in changes)
        {
            wake.TryWrite(true);
        }
    }

    [LoggerMessage(LogLevel.Error, "The menu could not be joined; the last one stays until something changes")]
    private partial void LogNotJoined(Exception e);
}
