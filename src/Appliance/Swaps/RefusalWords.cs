using System.Diagnostics;
using Appliance.Cluster.Swaps;
using Appliance.Ui;

namespace Appliance.Swaps;

/// <summary>Every refusal in plain words. Pure.</summary>
public static class RefusalWords
{
    /// <summary>Null when the outcome is not a refusal.</summary>
    public static RefusalText? Of(SwapOutcome outcome) => outcome switch
    {
        SwapOutcome.Accepted or SwapOutcome.Planned => null,
        SwapOutcome.AlreadySo { Model: { } model } => new RefusalText($"{model.Name} is already running", "Nothing was changed."),
        SwapOutcome.AlreadySo => new RefusalText("Nothing is running already", "Nothing was changed."),
        SwapOutcome.UnknownLane unknown => new RefusalText(
            "That place is not there any more", $"There is {NumberWords.And(unknown.Known)}.", "Close this and choose again."),
        SwapOutcome.UnknownModel unknown => new RefusalText(
            $"{unknown.Name} is not on the disks any more", "It may have been deleted or renamed on the machine.", "Close this and choose again."),
        SwapOutcome.NotReady notReady => new RefusalText($"{notReady.Model.Name} cannot be started yet", notReady.Why),
        SwapOutcome.DoesNotFit { Fit: var fit } doesNot => new RefusalText(
            $"{doesNot.Model.Name} does not fit",
            $"It needs {fit.Needed}, and {fit.Available} can be had{(fit.IsEstimated ? " (estimated)" : null)}. {fit.Why}",
            doesNot.Offers.IsEmpty ? "Choose a smaller model, or stop something else on that machine." : null),
        SwapOutcome.DiskFull full => new RefusalText(
            $"The disk of {full.HostName} is almost full", full.Why, "Delete a model that is not needed, or clear the disk."),
        SwapOutcome.HostUnusable unusable => new RefusalText(
            $"{unusable.HostName} cannot be used right now", unusable.Fault.Message, unusable.Fault.Advice),
        SwapOutcome.InProgress { Running: { State: SwapState.Queued } first } => new RefusalText(
            $"{first.ModelName} is waiting for its turn", $"Asked for by {first.RequestedBy}. Nobody overtakes: nothing was changed by you.", "Take it back on the home page first, or wait."),
        SwapOutcome.InProgress { Running: var running } => new RefusalText(
            running.Kind == SwapKind.Stop ? $"{running.ModelName} is being stopped right now" : $"{running.ModelName} is being started right now",
            $"Asked for by {running.RequestedBy}. One change at a time: nothing was changed by you.",
            "Wait until it has ended, or cancel it on the home page first."),
        SwapOutcome.QueueFull full => new RefusalText(
            "Too many changes are waiting", $"{full.Waiting} changes are waiting there already.", "Take some of them back on the home page."),
        SwapOutcome.Locked { By: var by } => new RefusalText(
            $"{by.Holder} has reserved it", $"Nothing was changed. The reservation ends in {TimeWords.About(by.Left)}, unless its holder extends it.", "Close this and look at the home page: there it can be released."),
        SwapOutcome.WrongToken => new RefusalText("That reservation has ended", "Nothing was changed.", "Close this and choose again."),
        SwapOutcome.KeyReused { Earlier: var earlier } => new RefusalText(
            "This was already asked for", $"The earlier request was for {earlier.ModelName}. Nothing was done twice.", "Close this and choose again."),
        _ => throw new UnreachableException(),
    };
}
