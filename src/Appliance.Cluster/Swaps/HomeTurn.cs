using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Swaps;

/// <summary>Whether the owner's home model is to come back to a lane. Pure.</summary>
internal static class HomeTurn
{
    /// <summary>Who asks.</summary>
    public const string Requester = "home model";

    /// <summary>Whether somebody uses the lane or is about to: then its idle time begins anew. Requests that pass the gateway are counted elsewhere.</summary>
    public static bool IsInUse(LaneSnapshot lane) =>
        lane is not { Swap: null, Queue: [], Reservation: null } || lane.Serving is { } serving && (serving.Running > 0 || serving.Waiting > 0 || serving.TokensPerSecond > 0);

    /// <summary>
    /// Whether an idle lane should get the home model. Not when it runs already, when somebody stopped the lane on purpose, when nobody knows how the lane is,
    /// or when the last attempt of this kind failed: then a person looks first.
    /// </summary>
    public static bool IsDue(LaneSnapshot lane, LaneRecord record, ModelCard home) => lane switch
    {
        { Serving.Id: { } serving } when serving == home.Id => false,
        { LastSwap: { RequestedBy: Requester, State: not SwapState.Live } } => false,
        { Serving: not null, Condition.Kind: ConditionKind.Working or ConditionKind.Busy } => true,
        { Serving: null, Condition.Kind: ConditionKind.Stopped or ConditionKind.Crashed } => record is { Good: not null, Drift: null },
        _ => false,
    };
}
