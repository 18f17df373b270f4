using Appliance.Cluster.Swaps;

namespace Appliance.Swaps;

internal sealed record SwapStepWire(SwapStepKind Step, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Detail)
{
    public static SwapStepWire From(SwapStep step) => new(step.Kind, step.StartedAt, step.EndedAt, step.Detail);
}
