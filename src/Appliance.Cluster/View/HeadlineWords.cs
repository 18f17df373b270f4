using Appliance.Cluster.Health;
using Appliance.Cluster.Swaps;

namespace Appliance.Cluster.View;

/// <summary>The one plain sentence on top of the page: the main lane, then another lane that is being changed, then how much needs a person. Pure.</summary>
internal static class HeadlineWords
{
    private const string LookingAround = "Looking around…";

    /// <summary>How long "it did not work, the old one is back" stays in the headline; the history keeps it for good.</summary>
    private static readonly TimeSpan RollbackIsNews = TimeSpan.FromMinutes(30);

    private static readonly string[] Numbers = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

    public static string Of(ClusterSnapshot snapshot, int needs)
    {
        if (snapshot.MainLane is not { } main)
        {
            return WithNeeds(snapshot.Hosts.IsEmpty ? "No machine is set up yet." : "No place for a model is set up yet.", needs);
        }

        var others = snapshot.Lanes.Where(lane => lane != main).ToArray();
        var sentence = Of(main, snapshot);
        if (sentence == LookingAround)
        {
            return sentence;
        }

        // One more sentence at most: somebody waits for a change, or the only model that answers is on another lane.
        var second = others.FirstOrDefault(IsChanging) ?? (IsIdle(main) ? others.FirstOrDefault(lane => lane.Serving is not null) : null);
        if (second is not null)
        {
            sentence = IsIdle(main) ? $"Nothing is running on {main.Definition.Name}." : sentence;
            sentence = $"{sentence} {Of(second, snapshot)}";
        }

        return WithNeeds(sentence, needs);
    }

    private static bool IsChanging(LaneSnapshot lane) => lane.Swap is { } job && !job.State.IsTerminal();

    private static bool IsIdle(LaneSnapshot lane) => !IsChanging(lane) && lane is { Serving: null, Condition.Kind: ConditionKind.Stopped };

    private static string WithNeeds(string sentence, int needs) => needs switch
    {
        0 => sentence,
        1 => $"{sentence} One thing needs you.",
        _ => $"{sentence} {(needs < Numbers.Length ? Numbers[needs] : needs)} things need you.",
    };

    private static string Of(LaneSnapshot lane, ClusterSnapshot snapshot)
    {
        if (lane.Swap is { } job && !job.State.IsTerminal())
        {
            return Changing(job);
        }

        var name = lane.Serving?.Name ?? LastName(lane) ?? "The model";
        return lane.Condition.Kind switch
        {
            ConditionKind.Working when lane.Serving is { } serving => IsBack(lane, snapshot.ObservedAt)
                ? $"The last change did not work; {serving.Name} is back."
                : $"{serving.Name} is answering.",
            ConditionKind.Busy when lane.Serving is { } serving => $"{serving.Name} is answering, and busy.",

            // A server is there, but no token was seen lately: nothing better can be said.
            ConditionKind.Working or ConditionKind.Busy => $"{name} is there, but was not seen to answer lately.",
            ConditionKind.Starting => $"{lane.Serving?.Name ?? "A model"} is starting.",
            ConditionKind.Stuck => $"{name} is stuck: it takes questions and gives no answers.",
            ConditionKind.Crashed => $"{name} stopped by itself.",
            ConditionKind.Unreachable => $"{HostName(lane, snapshot)} cannot be reached, so nothing can be said about its model.",
            ConditionKind.Stopped when lane.LastSwap is { State: SwapState.Failed, Kind: SwapKind.Swap } => "The last change did not work, and nothing is running. Pick a model to start.",
            ConditionKind.Stopped => "Nothing is running. Pick a model to start.",
            ConditionKind.Unknown when lane.Condition.Reason is not null => $"{HostName(lane, snapshot)} does not say what it is doing.",
            _ => LookingAround,
        };
    }

    private static string Changing(SwapJob job)
    {
        if (job.Kind == SwapKind.Stop)
        {
            return $"{job.ModelName} is being stopped.";
        }

        if (job.Steps.FirstOrDefault(step => step.Kind == SwapStepKind.RollBack) is { StartedAt: not null, EndedAt: null })
        {
            return $"{job.ModelName} did not work; {job.FromName ?? "the model before"} is coming back.";
        }

        var isWarm = job.Steps.Any(step => step is { Kind: SwapStepKind.WarmUp, StartedAt: not null });
        return job.State switch
        {
            SwapState.Queued or SwapState.Preflight => $"Checking that {job.ModelName} can start.",
            SwapState.Draining => $"{job.FromName ?? "The model"} is finishing its answers, then {job.ModelName} starts.",
            SwapState.Stopping => job.FromName is { } from ? $"{from} is stopping, then {job.ModelName} starts." : $"Making room for {job.ModelName}.",
            SwapState.Launching => $"{job.ModelName} is starting.",
            SwapState.Loading => isWarm ? $"{job.ModelName} is warming up." : $"{job.ModelName} is loading its weights.",
            _ => $"{job.ModelName} is loaded and about to answer.",
        };
    }

    private static bool IsBack(LaneSnapshot lane, DateTimeOffset now) =>
        lane.LastSwap is { State: SwapState.RolledBack, EndedAt: { } ended, RolledBackTo: { } back }
        && lane.Serving?.Id == back && now - ended < RollbackIsNews;

    private static string? LastName(LaneSnapshot lane) => lane.LastSwap switch
    {
        { Kind: SwapKind.Swap, State: SwapState.Live } job => job.ModelName,
        { RolledBackTo: not null } job => job.FromName,
        _ => null,
    };

    private static string HostName(LaneSnapshot lane, ClusterSnapshot snapshot) =>
        snapshot.Hosts.FirstOrDefault(host => host.Definition.Id == lane.Definition.Head)?.Definition.Name ?? "The machine";
}
