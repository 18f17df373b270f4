using System.Diagnostics;

namespace Appliance.Cluster.Swaps;

/// <summary>Refusals as the reason why a job that waited could not begin. The codes are those of the API. Pure.</summary>
internal static class SwapRefusals
{
    /// <summary>The reason; throws <see cref="UnreachableException"/> for an outcome that refuses nothing.</summary>
    public static SwapFailure ToFailure(SwapOutcome refusal)
    {
        var (code, message, advice) = refusal switch
        {
            SwapOutcome.UnknownLane => ("unknown_lane", "This place for a model is no longer configured.", null),
            SwapOutcome.UnknownModel unknown => ("unknown_model", $"{unknown.Name} is no longer on the disks.", null),
            SwapOutcome.NotReady notReady => ("not_ready", notReady.Why, null),
            SwapOutcome.DoesNotFit { Fit: var fit, Offers: [var offer, ..] } => ("does_not_fit", fit.Why, offer.Text),
            SwapOutcome.DoesNotFit { Fit: var fit } => ("does_not_fit", fit.Why, "Choose a smaller model, or stop something else on that machine."),
            SwapOutcome.DiskFull full => ("disk_full", full.Why, "Delete a model that is not needed, or clear the disk."),
            SwapOutcome.HostUnusable host => ("host_unreachable", $"{host.HostName} cannot be used: {host.Fault.Message}", host.Fault.Advice),
            SwapOutcome.Locked { By: var by } => ("swap_locked", $"{by.Holder} had reserved it.", "Ask again when the reservation has ended."),
            SwapOutcome.WrongToken => ("wrong_token", "the reservation it was asked under had ended.", "Reserve again, then ask again."),
            _ => throw new UnreachableException($"{refusal.GetType().Name} does not refuse a job that waited."),
        };
        return new SwapFailure(code, $"When its turn came: {message}", advice, []);
    }
}
