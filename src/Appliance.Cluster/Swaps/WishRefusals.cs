using System.Diagnostics;
using Appliance.Cluster.Models;
using Appliance.Cluster.Routing;

namespace Appliance.Cluster.Swaps;

/// <summary>Why a waiting program does not get its model, with the codes of <c>POST /api/swap</c>. Pure.</summary>
internal static class WishRefusals
{
    /// <summary>There is nowhere to load a model.</summary>
    public static WishOutcome.Refused NoLane { get; } = new("unknown_lane", "No lane is set up, so no model can be started.");

    /// <summary>The refusal in words; throws <see cref="UnreachableException"/> for an outcome that refuses nothing.</summary>
    public static WishOutcome.Refused Of(SwapOutcome refusal) => refusal switch
    {
        SwapOutcome.UnknownLane => NoLane,
        SwapOutcome.UnknownModel unknown => new("unknown_model", $"There is no model '{unknown.Name}' on the disks any more."),
        SwapOutcome.NotReady { Model: var model, Why: var why } => new(model.State == ModelState.NeedsSetup ? "needs_setup" : "not_ready", why),
        SwapOutcome.DoesNotFit { Model: var model, Fit: var fit } => new("does_not_fit", $"{model.Name} does not fit: {fit.Why}"),
        SwapOutcome.DiskFull full => new("disk_full", full.Why),
        SwapOutcome.HostUnusable { HostName: var host, Fault: var fault } => new("host_unreachable", $"{host} cannot be used: {fault.Message}"),
        SwapOutcome.InProgress { Running: var running } => new(
            "swap_in_progress",
            running.Kind == SwapKind.Stop ? $"{running.ModelName} is being stopped right now." : $"{running.ModelName} is being started right now, and only one change goes at a time."),
        SwapOutcome.QueueFull { Waiting: var waiting } => new("queue_full", $"{waiting} changes of the model are waiting already."),
        SwapOutcome.Locked { By: var by } => new("swap_locked", $"{by.Holder} has reserved the machine, so no model is started for others."),
        _ => throw new UnreachableException($"{refusal.GetType().Name} refuses nothing."),
    };
}
