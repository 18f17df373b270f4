using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Webhooks;

/// <summary>One message of the outbox and what became of it. Immutable.</summary>
public sealed record WebhookEntry
{
    /// <summary>Grows by one per message; 0 until stored.</summary>
    public long Number { get; init; }

    /// <summary>The id, constant over all tries.</summary>
    public required WebhookId Id { get; init; }

    /// <summary><c>swap_complete</c>, <c>swap_failed</c> or <c>test</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The job it tells of; null for a test.</summary>
    public SwapJobId? Job { get; init; }

    /// <summary>What it is about, for people: the name of the model.</summary>
    public required string Subject { get; init; }

    /// <summary>The exact text that is sent. Fixed when the message is made, so that a repeat has the same bytes.</summary>
    public required string Body { get; init; }

    /// <summary>What became of it.</summary>
    public WebhookState State { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>How many tries failed since it was made or somebody asked for it again.</summary>
    public int Failures { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last sent; null before the first try.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>The HTTP status of the last answer; null without one.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last try did not work, in a sentence; null when it worked or there was none.</summary>
    public string? Problem { get; init; }

    /// <summary>The pause between the last try and the next.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>
    /// All pauses since it was made or somebody asked for it again, the running one included. This is what ends the tries, not the wall clock: a clock that
    /// jumps neither kills a message nor keeps it for years (F-23).
    /// </summary>
    public TimeSpan Waited { get; init; }

    /// <summary>When it was delivered, given up or skipped; null while it is pending.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it is a test: tried once, told to nobody else.</summary>
    public bool IsTest => Event == WebhookBody.Test;

    /// <summary>When it is tried next, as far as the wall clock is right; null when it is not.</summary>
    public DateTimeOffset? NextAttemptAt => State == WebhookState.Pending ? (TriedAt ?? CreatedAt) + Wait : null;
}
