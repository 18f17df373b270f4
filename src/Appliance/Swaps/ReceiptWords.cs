using System.Collections.Immutable;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Appliance.Ui;

namespace Appliance.Swaps;

/// <summary>The receipt before the click: what stops, who notices, how long, whether it fits, what if it fails. Pure.</summary>
public static class ReceiptWords
{
    public static ImmutableArray<ReceiptLine> Of(SwapPlan plan, IReadOnlyList<string> hostNames) => plan.Position is { } place
        ? [
            new ReceiptLine("It waits for its turn", $"(place {place}) and begins when what is before it has ended."),
            new ReceiptLine("", $"It will run on {NumberWords.And(hostNames)}."),
            new ReceiptLine("", "Whether it can run is checked again then. You can take it back while it waits."),
        ]
        : OfNow(plan, hostNames);

    /// <summary>A receipt that begins with one more line, if there is one.</summary>
    public static ImmutableArray<ReceiptLine> After(ReceiptLine? first, ImmutableArray<ReceiptLine> rest) => first is null ? rest : [first, .. rest];

    /// <summary>What stopping a lane means.</summary>
    public static ImmutableArray<ReceiptLine> OfStop(ServingModel serving, TimeSpan drainLimit) =>
    [
        new ReceiptLine($"{serving.Name} stops.", RunningAnswers(serving.Running, drainLimit)),
        new ReceiptLine("", $"Nothing answers there until you start a model again. Its memory on {NumberWords.And(serving.HostNames)} becomes free."),
        new ReceiptLine("", "Its files stay on the disk."),
    ];

    /// <summary>What ending a running job means.</summary>
    public static ImmutableArray<ReceiptLine> OfCancel(SwapJob job) => job switch
    {
        { State: SwapState.Queued } => [new ReceiptLine("", "It has not begun: nothing was touched.")],
        { FromName: null } => [new ReceiptLine($"{job.ModelName} is stopped.", "Nothing answers there until you start a model.")],
        { State: SwapState.Preflight or SwapState.Draining } => [new ReceiptLine("", $"{job.FromName} has not been touched and keeps answering.")],
        _ =>
        [
            new ReceiptLine($"{job.ModelName} is stopped.", "What it has loaded so far is lost."),
            new ReceiptLine("", $"{job.FromName} is started again. That takes as long as any start of it."),
        ],
    };

    private static ImmutableArray<ReceiptLine> OfNow(SwapPlan plan, IReadOnlyList<string> hostNames) =>
    [
        plan.Stops is { } old ? new ReceiptLine($"{old} stops.", RunningAnswers(plan.RunningRequests, plan.DrainLimit)) : new ReceiptLine("Nothing stops:", "no model is running there."),
        new ReceiptLine("", $"It will run on {NumberWords.And(hostNames)}."),
        HowLong(plan),
        Fits(plan.Fit),
        new ReceiptLine("", string.Join(' ', IfItFails(plan.Stops), Record(plan.LastOutcomes)).TrimEnd()),
    ];

    private static string RunningAnswers(int? running, TimeSpan limit) => running switch
    {
        0 => "It is not answering anything right now.",
        _ when limit <= TimeSpan.Zero => "What it is answering right now is cut.",
        null => $"What it is answering right now finishes first, at most {Limit(limit)}.",
        1 => $"Its one running answer finishes first, at most {Limit(limit)}.",
        _ => $"Its {running} running answers finish first, at most {Limit(limit)}.",
    };

    private static string Limit(TimeSpan limit) => limit switch
    {
        { TotalSeconds: 60 } => "1 minute",
        { Seconds: 0 } => $"{limit.TotalMinutes:0} minutes",
        _ => TimeWords.Duration(limit),
    };

    private static ReceiptLine HowLong(SwapPlan plan)
    {
        if (plan.Estimate is not { } estimate)
        {
            return new ReceiptLine("", "How long it takes is not known yet. The first time can take 15 minutes.");
        }

        var span = TimeWords.Span(estimate.P50, estimate.P90);
        var measured = estimate.Samples == 1 ? "measured once" : $"measured {estimate.Samples} times";
        return plan.Stops is null ? new ReceiptLine($"It takes {span}", $"({measured}).") : new ReceiptLine($"Nothing answers for {span}", $"({measured}).");
    }

    private static ReceiptLine Fits(FitVerdict? fit) => fit switch
    {
        null => new ReceiptLine("", "Whether it fits cannot be said before it starts."),
        { IsOk: true } => new ReceiptLine("It fits:", $"needs {fit.Needed}, {fit.Available} will be free{Estimated(fit)}."),
        _ => new ReceiptLine("It does not fit:", $"needs {fit.Needed}, {fit.Available} will be free{Estimated(fit)}."),
    };

    private static string Estimated(FitVerdict fit) => fit.IsEstimated ? " (estimated)" : "";

    private static string IfItFails(string? old) =>
        old is null ? "If it fails, nothing runs, and the home page says why." : $"If it fails, {old} is brought back.";

    private static string Record(ImmutableArray<SwapState> newestFirst)
    {
        var worked = newestFirst.TakeWhile(state => state == SwapState.Live).Count();
        return worked switch
        {
            0 when newestFirst.IsEmpty || newestFirst[0] == SwapState.Cancelled => "",
            0 => "The last change did not work.",
            1 => "The last change worked.",
            _ => $"The last {worked} changes worked.",
        };
    }
}
