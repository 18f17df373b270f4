using Appliance.Cluster.Primitives;

namespace Appliance.Simulation.Rules;

/// <summary>A wish to end whatever holds a lane.</summary>
internal sealed class Ending(LaneId lane)
{
    public LaneId Lane => lane;

    /// <summary>When it was answered; null while it may still be carried out.</summary>
    public TimeSpan? AnsweredAt { get; set; }
}
