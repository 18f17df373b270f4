using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// What is remembered of a lane over restarts: what we expect to run there, and which model answered last. Compared with what is seen, it tells what
/// somebody did by other means. Immutable.
/// </summary>
internal sealed record LaneRecord
{
    /// <summary>The lane.</summary>
    public required LaneId Lane { get; init; }

    /// <summary>Whether anything is expected at all: not after a job of which nobody knows what it left, nor before the first look.</summary>
    public bool IsSure { get; init; }

    /// <summary>The model that is expected to run; null for none, or for one that is not on the menu.</summary>
    public ModelId? Model { get; init; }

    /// <summary>The name people see for it; null when nothing is expected to run.</summary>
    public string? Name { get; init; }

    /// <summary>The last model that answered and was not stopped on purpose: the one to bring back.</summary>
    public ModelId? Good { get; init; }

    /// <summary>What somebody did by other means, as a sentence; null when nothing, or when it no longer matters.</summary>
    public string? Drift { get; init; }

    /// <summary>What is known after a job has ended.</summary>
    public LaneRecord After(SwapJob job) => job switch
    {
        { State: SwapState.Live, Kind: SwapKind.Stop } => new LaneRecord { Lane = Lane, IsSure = true },
        { State: SwapState.Live } when SwapSteps.HasOnlyWaited(job) => this,
        { State: SwapState.Live } => Runs(job.Model, job.ModelName),
        { RolledBackTo: { } back } => Runs(back, job.FromName ?? back.Value),
        _ when HasTouched(job) => new LaneRecord { Lane = Lane, Good = Good },
        _ => this,
    };

    /// <summary>What is known when a model is seen to answer, or (with a null name) the lane to be empty. The same instance when that was expected.</summary>
    public LaneRecord Seen(ModelId? model, string? name)
    {
        var isExpected = IsSure && (name is null ? Name is null : model is null ? Model is null && Name == name : Model == model);
        if (isExpected)
        {
            return this;
        }

        var drift = !IsSure ? null
            : name is not null ? $"{name} was started outside the appliance."
            : $"{Name} was running here and is gone: it was stopped outside the appliance, or its machine was restarted.";
        return name is null
            ? new LaneRecord { Lane = Lane, IsSure = true, Good = Good, Drift = drift }
            : Runs(model, name) with { Drift = drift };
    }

    private LaneRecord Runs(ModelId? model, string name) => new() { Lane = Lane, IsSure = true, Model = model, Name = name, Good = model ?? Good };

    private static bool HasTouched(SwapJob job) =>
        job.Steps.Any(step => step is { Kind: SwapStepKind.Stop or SwapStepKind.RollBack, StartedAt: not null });
}
