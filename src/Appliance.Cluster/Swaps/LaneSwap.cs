using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;

namespace Appliance.Cluster.Swaps;

/// <summary>A running job with what the machine needs to bring it to an end. One per lane at most.</summary>
internal sealed record LaneSwap
{
    /// <summary>The job as others see it.</summary>
    public required SwapJob Job { get; init; }

    /// <summary>What is to run; null for a stop job.</summary>
    public SwapTarget? Wanted { get; init; }

    /// <summary>What is brought back if that fails; null when nothing ran, or it was stopped on purpose.</summary>
    public SwapTarget? Previous { get; init; }

    /// <summary>Whether the previous model is being brought back.</summary>
    public bool IsRollingBack { get; init; }

    /// <summary>Whether the lane was seen empty since it was last told to stop.</summary>
    public bool IsGone { get; init; }

    /// <summary>Whether the budget of starts that no person asked for was looked at for bringing the previous model back. Asked once: the answer counts.</summary>
    public bool HasAskedToRollBack { get; init; }

    /// <summary>Why the previous model may not be started again, as a sentence; null when it may.</summary>
    public string? RollBackRefusal { get; init; }

    /// <summary>Whether somebody cancelled; decides the terminal state after the rollback.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>When the server that is being started now was launched.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>When the server produced its first token, as a timestamp of the clock; null before.</summary>
    public long? TokenAt { get; init; }

    /// <summary>How long an earlier life of the appliance watched the model after its first answer; zero in the life that brought it up.</summary>
    public TimeSpan Watched { get; init; }

    /// <summary>The hosts on which the wanted model runs; empty for a stop job and for one that waits.</summary>
    public ImmutableArray<HostId> Hosts { get; init; } = [];

    /// <summary>The version of the image that is started; null while nobody knows.</summary>
    public string? Image { get; init; }

    /// <summary>How long the model being started took before on these hosts; null until earned.</summary>
    public LoadEstimate? Estimate { get; init; }

    /// <summary>What its asker shows to be let past a reservation when its turn comes: never force, and of a token only its hash is written down.</summary>
    public LanePass Pass { get; init; } = LanePass.None;

    /// <summary>The caller's key; null without one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What was asked under that key.</summary>
    public string? RequestFingerprint { get; init; }

    /// <summary>What is being started now: the wanted model, or during a rollback the previous one.</summary>
    public SwapTarget? Starting => IsRollingBack ? Previous : Wanted;
}
