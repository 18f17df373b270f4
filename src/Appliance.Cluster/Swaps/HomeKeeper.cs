using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Cluster.View;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>Brings the owner's home model back to the main lane when nobody used it for a while. Used by the engine's loop only, once a second.</summary>
internal sealed partial class HomeKeeper(
    ClusterView view, GatewayTraffic traffic, LaneLedger ledger, UnaskedStarts unasked, ISettings settings, TimeProvider time, ILogger<HomeKeeper> logger)
{
    private string? _home;
    private long _idleSince;
    private long _requests = -1;

    /// <summary>Looks whether it is time.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var values = settings.Current;
        var home = values.Get(SwapSettings.HomeModel);
        if (home is null || view.Current.FindLane(LaneId.Main) is not { } lane)
        {
            _home = null;
            return;
        }

        if (IsInUse(lane, home))
        {
            _idleSince = time.GetTimestamp();
            return;
        }

        if (time.GetElapsedTime(_idleSince) < TimeSpan.FromMinutes(values.Get(SwapSettings.HomeAfterMinutes)))
        {
            return;
        }

        if (ModelNames.Find(view.Current.Models, home) is not { } card)
        {
            _idleSince = time.GetTimestamp();
            LogNotFound(home);
        }
        else if (HomeTurn.IsDue(lane, ledger.Find(lane.Definition.Id), card))
        {
            // Whatever comes of it: not again before another idle time.
            _idleSince = time.GetTimestamp();
            await ReturnAsync(lane, card, values.Get(SwapSettings.HomeAfterMinutes), cancellationToken);
        }
    }

    private async Task ReturnAsync(LaneSnapshot lane, ModelCard card, int minutes, CancellationToken cancellationToken)
    {
        var wish = new SwapRequest
        {
            Model = card.Id.Value,
            Lane = lane.Definition.Id,
            RequestedBy = HomeTurn.Requester,
            Note = $"Nothing was asked for {minutes} minutes.",
        };
        if (unasked.FindObstacle(wish) is { } obstacle)
        {
            LogNotNow(card.Name, obstacle);
        }
        else
        {
            await unasked.BeginAsync(wish, cancellationToken);
        }
    }

    private bool IsInUse(LaneSnapshot lane, string home)
    {
        var requests = traffic.Begun(lane.Definition.Id.Value);
        var isNew = requests != _requests || home != _home;
        (_requests, _home) = (requests, home);
        return isNew || traffic.InFlight(lane.Definition.Id.Value) > 0 || traffic.Waiting(lane.Definition.Id.Value) > 0 || HomeTurn.IsInUse(lane);
    }

    [LoggerMessage(LogLevel.Warning, "The home model {Model} is not on the disks")]
    private partial void LogNotFound(string model);

    [LoggerMessage(LogLevel.Information, "The home model {Model} does not come back now: {Obstacle}")]
    private partial void LogNotNow(string model, string obstacle);
}
