using System.Diagnostics;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Layout;
using Appliance.Ui;

namespace Appliance.Swaps;

/// <summary>Jobs in words. Pure.</summary>
public static class SwapWords
{
    /// <summary>Who asks when a person clicks on a page.</summary>
    public const string RequestedByPage = "you";

    /// <summary>The sentence on top of a running job.</summary>
    public static string Title(SwapJob job)
    {
        if (IsRollingBack(job))
        {
            return $"{job.FromName ?? "The previous model"} is being brought back";
        }

        if (job.Kind == SwapKind.Stop)
        {
            return $"{job.ModelName} is stopping";
        }

        return job.State switch
        {
            SwapState.Queued => $"{job.ModelName} waits for its turn",
            SwapState.Preflight => $"Checking that {job.ModelName} can start",
            SwapState.Draining => $"{job.ModelName} is next; running answers finish first",
            SwapState.Stopping => $"{job.ModelName} is next; {job.FromName ?? "the old model"} is stopping",
            SwapState.Launching => $"{job.ModelName} is being launched",
            SwapState.Loading => Active(job)?.Kind == SwapStepKind.WarmUp ? $"{job.ModelName} is warming up" : $"{job.ModelName} is loading its weights",
            SwapState.Probing => $"{job.ModelName} is about to give its first answer",
            SwapState.Live or SwapState.Failed or SwapState.RolledBack or SwapState.Cancelled => Ended(job),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The state word of a running job: "Starting, 4 of 6".</summary>
    public static string State(SwapJob job)
    {
        if (job.State.IsTerminal())
        {
            return Result(job);
        }

        if (job.State == SwapState.Queued)
        {
            return job.Position is { } place ? $"Waiting, place {place}" : "Waiting";
        }

        if (IsRollingBack(job))
        {
            return "Going back";
        }

        var steps = PlainSteps.Of(job).Steps.Where(step => step.Kind is not (SwapStepKind.Queue or SwapStepKind.RollBack)).ToArray();
        var active = Array.FindLastIndex(steps, step => step.StartedAt is not null);
        var word = job.Kind == SwapKind.Stop ? "Stopping" : "Starting";
        return active < 0 || steps.Length < 2 ? word : $"{word}, {active + 1} of {steps.Length}";
    }

    /// <summary>How a job ended, in one or two words.</summary>
    public static string Result(SwapJob job) => job.State switch
    {
        SwapState.Live => job.Kind == SwapKind.Stop ? "Stopped" : "Worked",
        SwapState.Failed => "Failed",
        SwapState.RolledBack => "Went back",
        SwapState.Cancelled => "Cancelled",
        _ => "Running",
    };

    public static Tone ToneOf(SwapJob job) => job.State switch
    {
        SwapState.Live => job.Kind == SwapKind.Stop ? Tone.Off : Tone.Ok,
        SwapState.Failed => Tone.Bad,
        SwapState.RolledBack => Tone.Warm,
        SwapState.Cancelled => Tone.Off,
        _ => Tone.Warm,
    };

    /// <summary>What came of an ended job, as one sentence without a full stop. It stays true: what answers today is another page's business.</summary>
    public static string Ended(SwapJob job) => job.State switch
    {
        SwapState.Live when job.Kind == SwapKind.Stop => $"{job.ModelName} was stopped",
        SwapState.Live => $"{job.ModelName} was started",
        SwapState.Failed when job.Kind == SwapKind.Stop => $"{job.ModelName} could not be stopped",
        SwapState.Failed => $"{job.ModelName} did not start, and no other model came back",
        SwapState.RolledBack => $"{job.ModelName} did not start; {job.FromName ?? "the previous model"} came back",
        SwapState.Cancelled when job.RolledBackTo is not null => $"{job.ModelName} was cancelled; {job.FromName ?? "the previous model"} came back",
        SwapState.Cancelled => $"{job.ModelName} was cancelled",
        _ => Title(job),
    };

    /// <summary>The fine print under a running job's title: what is left, who asked, what comes back.</summary>
    public static string Under(SwapJob job)
    {
        var parts = new List<string>();
        if (job.Eta is { } eta)
        {
            parts.Add($"{TimeWords.About(eta)} to go");
        }

        parts.Add($"asked for by {job.RequestedBy}");
        if (job is { Kind: SwapKind.Swap, FromName: { } from } && !IsRollingBack(job))
        {
            parts.Add($"{from} comes back if this fails");
        }

        return NumberWords.Sentence(string.Join(" · ", parts));
    }

    /// <summary>The verb of the button that ends a running job; null when it cannot be ended.</summary>
    public static string? Cancel(SwapJob job) => job switch
    {
        { Kind: SwapKind.Stop } => null,
        _ when job.State.IsTerminal() || IsRollingBack(job) => null,
        { State: SwapState.Queued } => "Take it back",
        { FromName: null } => "Cancel",
        { State: SwapState.Queued or SwapState.Preflight or SwapState.Draining } => $"Cancel and keep {job.FromName}",
        _ => $"Cancel and bring {job.FromName} back",
    };

    /// <summary>A step, in the tense that fits.</summary>
    public static string Step(SwapStep step, SwapJob job)
    {
        var face = FaceOf(step, job);
        var old = job.Kind == SwapKind.Stop ? job.ModelName : job.FromName;
        var text = (step.Kind, face) switch
        {
            (SwapStepKind.Queue, StepFace.Done) => "Waited for its turn",
            (SwapStepKind.Queue, _) => "Waiting for its turn",
            (SwapStepKind.Check, StepFace.Done) => job.Kind == SwapKind.Stop ? "Looked at the machines" : "Checked that it can work",
            (SwapStepKind.Check, _) => "Checking that it can work",
            (SwapStepKind.Drain, StepFace.Done) => "Let running answers finish",
            (SwapStepKind.Drain, StepFace.Later) => "Running answers finish",
            (SwapStepKind.Drain, _) => "Letting running answers finish",
            (SwapStepKind.Stop, StepFace.Done) => old is null ? "Made room" : $"Stopped {old}",
            (SwapStepKind.Stop, StepFace.Later) => old is null ? "Make room" : $"Stop {old}",
            (SwapStepKind.Stop, _) => old is null ? "Making room" : $"Stopping {old}",
            (SwapStepKind.KeepLog, StepFace.Done) => "Kept its log",
            (SwapStepKind.KeepLog, StepFace.Later) => "Keep its log",
            (SwapStepKind.KeepLog, _) => "Keeping its log",
            (SwapStepKind.WaitGone, StepFace.Done) => "Saw that it is gone",
            (SwapStepKind.WaitGone, StepFace.Later) => "See that it is gone",
            (SwapStepKind.WaitGone, _) => "Waiting until it is gone",
            (SwapStepKind.WaitMemory, StepFace.Done) => "Got its memory back",
            (SwapStepKind.WaitMemory, StepFace.Later) => "Get its memory back",
            (SwapStepKind.WaitMemory, _) => "Waiting for its memory",
            (SwapStepKind.Launch, StepFace.Done) => "Gave the start command",
            (SwapStepKind.Launch, StepFace.Later) => "Give the start command",
            (SwapStepKind.Launch, _) => "Giving the start command",
            (SwapStepKind.Load, StepFace.Done) => "Loaded the weights",
            (SwapStepKind.Load, StepFace.Later) => "Load the weights",
            (SwapStepKind.Load, _) => "Loading the weights",
            (SwapStepKind.WarmUp, StepFace.Done) => "Warmed up",
            (SwapStepKind.WarmUp, StepFace.Later) => "Warm up",
            (SwapStepKind.WarmUp, _) => "Warming up",
            (SwapStepKind.FirstAnswer, StepFace.Done) => "Gave its first answer",
            (SwapStepKind.FirstAnswer, StepFace.Later) => "First answer",
            (SwapStepKind.FirstAnswer, _) => "Waiting for its first answer",
            (SwapStepKind.RollBack, StepFace.Done) => $"Brought {job.FromName ?? "the previous model"} back",
            (SwapStepKind.RollBack, StepFace.Later) => $"Bring {job.FromName ?? "the previous model"} back",
            (SwapStepKind.RollBack, _) => $"Bringing {job.FromName ?? "the previous model"} back",
            _ => throw new UnreachableException(),
        };
        return step.Detail is null ? text : $"{text}, {step.Detail}";
    }

    /// <summary>Where a step stands. A step that had begun when the job ended badly is the one that failed.</summary>
    public static StepFace FaceOf(SwapStep step, SwapJob job)
    {
        if (step.StartedAt is null)
        {
            return StepFace.Later;
        }

        var failedAt = FailedStep(job);
        if (failedAt is not null && ReferenceEquals(failedAt, step))
        {
            return StepFace.Failed;
        }

        return step.EndedAt is null ? StepFace.Now : StepFace.Done;
    }

    /// <summary>What a job is for, whatever its state: the name of its page.</summary>
    public static string Name(SwapJob job) => job switch
    {
        _ when job.State.IsTerminal() => Ended(job),
        { Kind: SwapKind.Stop } => $"Stopping {job.ModelName}",
        { FromName: null } => $"Starting {job.ModelName}",
        _ => $"Changing to {job.ModelName}",
    };

    /// <summary>"took 1 min 38 s", "running for 12 s".</summary>
    public static string Length(SwapJob job, DateTimeOffset now) =>
        Took(job) is { } took ? $"took {took}" : $"running for {TimeWords.Duration(TimeSpan.FromSeconds(Math.Floor((now - job.StartedAt).TotalSeconds)))}";

    /// <summary>How long a job took; null while it runs.</summary>
    public static string? Took(SwapJob job) => job.EndedAt is { } ended ? TimeWords.Duration(ended - job.StartedAt) : null;

    /// <summary>What the history of one model says: how long it takes to come up, and how often that worked.</summary>
    public static string Record(IReadOnlyList<SwapJob>? jobs, LoadEstimate? estimate)
    {
        var ended = (jobs ?? []).Where(job => job is { Kind: SwapKind.Swap, State: SwapState.Live or SwapState.Failed or SwapState.RolledBack }).ToArray();
        var failed = ended.Count(job => job.State != SwapState.Live);
        var time = estimate is null ? null : $"It comes up in {TimeWords.Span(estimate.P50, estimate.P90)}.";
        var outcome = (ended.Length, failed) switch
        {
            (0, _) => null,
            (1, 0) => "Its one start worked.",
            (_, 0) => $"All of its last {ended.Length} starts worked.",
            _ => $"{ended.Length - failed} of its last {NumberWords.Count(ended.Length, "start", "starts")} worked.",
        };
        return string.Join(' ', new[] { time, outcome }.OfType<string>());
    }

    /// <summary>How long it worked, without the wait for its turn; null while it runs.</summary>
    public static TimeSpan? Worked(SwapJob job) =>
        job.EndedAt - (job.Steps.FirstOrDefault(step => step.Kind == SwapStepKind.Check)?.StartedAt ?? job.StartedAt);

    /// <summary>Whose last lines these are, on the page of a job.</summary>
    public static string Kept(ServerLog log, SwapJobId job, Moment moment)
    {
        var when = TimeWords.Clock(log.KeptAt, moment.Now, moment.Zone);
        return log.StartedBy == job
            ? $"What {log.ModelName} wrote last, {(log.StoppedBy is null ? "until it ended by itself" : "before it was stopped")} ({when})"
            : $"What {log.ModelName} wrote before it was stopped for this";
    }

    public static bool IsRollingBack(SwapJob job) =>
        !job.State.IsTerminal() && job.Steps.Any(step => step is { Kind: SwapStepKind.RollBack, StartedAt: not null });

    private static SwapStep? Active(SwapJob job) => job.Steps.LastOrDefault(step => step.StartedAt is not null && step.EndedAt is null);

    private static SwapStep? FailedStep(SwapJob job) =>
        job.State is SwapState.Failed or SwapState.RolledBack || IsRollingBack(job)
            ? job.Steps.LastOrDefault(step => step.Kind != SwapStepKind.RollBack && step.StartedAt is not null)
            : null;
}
