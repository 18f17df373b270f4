using System.Diagnostics;
using Appliance.Cluster.Webhooks;
using Appliance.Ui;

namespace Appliance.Webhooks;

/// <summary>The outbox in words for people. Pure.</summary>
internal static class WebhookWords
{
    public static string Receiver(WebhookOverview overview) => overview switch
    {
        { Receiver: null } => "No receiver is set, so nobody is told.",
        { IsSigned: true } => $"They go to {overview.Receiver} and are signed.",
        _ => $"They go to {overview.Receiver} and are not signed: without SWAP_WEBHOOK_SECRET it cannot tell who sent them.",
    };

    /// <summary>That messages were given up; null when none was.</summary>
    public static string? GivenUp(WebhookOverview overview) => overview.Dead switch
    {
        0 => null,
        1 => "One message was given up. When the receiver works again, send it again below.",
        var count => $"{count} messages were given up. When the receiver works again, send them again below.",
    };

    public static Tone ToneOf(WebhookEntry entry) => entry.State switch
    {
        WebhookState.Delivered => Tone.Ok,
        WebhookState.Pending => entry.Failures == 0 ? Tone.Busy : Tone.Warm,
        WebhookState.Dead => Tone.Bad,
        WebhookState.Skipped => Tone.Off,
        _ => throw new UnreachableException(),
    };

    public static string State(WebhookEntry entry) => entry.State switch
    {
        WebhookState.Delivered => "Taken",
        WebhookState.Pending => entry.Failures == 0 ? "On its way" : "Tried again later",
        WebhookState.Dead => entry.IsTest ? "Not taken" : "Given up",
        WebhookState.Skipped => "Not sent",
        _ => throw new UnreachableException(),
    };

    public static string Title(WebhookEntry entry) => entry.Event switch
    {
        "swap_complete" => $"{entry.Subject}: it worked",
        "swap_failed" => $"{entry.Subject}: it did not work",
        _ => entry.Subject,
    };

    /// <summary>"Tried 3 times · next try in about 20 s".</summary>
    public static string Facts(WebhookEntry entry, DateTimeOffset now)
    {
        var parts = new[]
        {
            entry.Attempts == 0 ? null : $"tried {(entry.Attempts == 1 ? "once" : $"{entry.Attempts} times")}",
            entry is { Failures: > 0, NextAttemptAt: { } next } ? next > now ? $"next try in {TimeWords.About(next - now)}" : "next try now" : null,
        };
        return NumberWords.Sentence(string.Join(" · ", parts.Where(part => part is not null)));
    }

    /// <summary>The button that sends it; null when there is nothing to send.</summary>
    public static string? Again(WebhookEntry entry) => entry.State switch
    {
        WebhookState.Dead or WebhookState.Skipped => entry.IsTest ? null : "Send again",
        WebhookState.Pending when entry.Failures > 0 => "Try now",
        _ => null,
    };

    public static string TestResult(WebhookEntry? tested) => tested switch
    {
        null => "No receiver is set.",
        { State: WebhookState.Delivered } => "The receiver took the test message.",
        { Problem: { } problem } => problem,
        _ => "The receiver did not take the test message.",
    };

    /// <summary>What became of the wish to send a message again; null when the list shows it.</summary>
    public static string? Retried(RetryOutcome outcome) => outcome switch
    {
        RetryOutcome.Accepted => null,
        RetryOutcome.AlreadyDelivered => "The receiver has taken this message meanwhile.",
        RetryOutcome.NotSet => "No receiver is set, so there is nobody to send it to.",
        RetryOutcome.Unknown => "This message is so old that it is no longer kept.",
        _ => throw new UnreachableException(),
    };
}
