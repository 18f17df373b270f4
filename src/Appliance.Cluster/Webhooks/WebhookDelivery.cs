using System.Diagnostics;

namespace Appliance.Cluster.Webhooks;

/// <summary>Decides what becomes of a message after a try. Pure.</summary>
/// <remarks>
/// <code>
/// state    answer              next        when
/// pending  taken (2xx)         delivered
/// pending  gone (410)          dead
/// pending  refused, none       pending     after a pause: 5 s, 15 s, 45 s … at most 4 h, ± 20 %, or what Retry-After asks for
/// pending  refused, none       dead        when the pauses make up 24 h, or it is a test
/// pending  not set             skipped
/// any      (asked for again)   pending     at once, with 24 h ahead
/// </code>
/// </remarks>
internal static class WebhookDelivery
{
    /// <summary>How long a message is tried (the HTTP contract).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>The longest pause: a receiver that was down over night hears of it during breakfast.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private const double Growth = 3;
    private const double Jitter = 0.2;

    /// <summary>The message after a try. <paramref name="random"/> is a number from 0 to 1 that spreads the pauses.</summary>
    public static WebhookEntry Decide(WebhookEntry entry, WebhookAnswer answer, DateTimeOffset now, double random)
    {
        if (entry.State != WebhookState.Pending)
        {
            return entry;
        }

        var tried = entry with { Attempts = entry.Attempts + 1, TriedAt = now };
        return answer switch
        {
            WebhookAnswer.Taken taken => End(tried, WebhookState.Delivered, now) with { Status = taken.Status, Problem = null },
            WebhookAnswer.Gone => End(tried, WebhookState.Dead, now) with { Status = 410, Problem = "The receiver says that it does not want these messages any more (status 410)." },
            WebhookAnswer.Refused refused => Again(tried with { Status = refused.Status, Problem = Sentence(refused.Status) }, refused.RetryAfter, now, random),
            WebhookAnswer.None none => Again(tried with { Status = null, Problem = none.Problem }, null, now, random),
            WebhookAnswer.NotSet => End(entry, WebhookState.Skipped, now) with { Problem = "No receiver was set when this message was due." },
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The message when a person wants it sent (again): due at once.</summary>
    public static WebhookEntry Retry(WebhookEntry entry) => entry with
    {
        State = WebhookState.Pending,
        Failures = 0,
        Wait = TimeSpan.Zero,
        Waited = TimeSpan.Zero,
        EndedAt = null,
    };

    /// <summary>
    /// How much of the pause is left when the message is read from the store. A wall clock that jumped meanwhile makes it neither negative nor longer than it
    /// was meant to be.
    /// </summary>
    public static TimeSpan LeftOf(WebhookEntry entry, DateTimeOffset now)
    {
        var left = entry.TriedAt is { } tried ? tried + entry.Wait - now : TimeSpan.Zero;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > entry.Wait ? entry.Wait : left;
    }

    private static WebhookEntry Again(WebhookEntry tried, TimeSpan? retryAfter, DateTimeOffset now, double random)
    {
        var left = Patience - tried.Waited;
        if (tried.IsTest || left <= TimeSpan.Zero)
        {
            return End(tried, WebhookState.Dead, now);
        }

        var pause = Pause(tried.Failures, random);
        pause = retryAfter is { } asked && asked > pause ? asked : pause;

        // The last try falls on the end of the day, whatever the receiver asks for.
        pause = pause < left ? pause : left;
        return tried with { Failures = tried.Failures + 1, Wait = pause, Waited = tried.Waited + pause };
    }

    private static TimeSpan Pause(int failures, double random)
    {
        // After twelve failures the longest pause is reached for good; the power would only overflow.
        var usual = FirstPause * Math.Pow(Growth, Math.Min(failures, 12));
        var pause = (usual < LongestPause ? usual : LongestPause) * (1 - Jitter + (2 * Jitter * random));

        // As exact as the store.
        return TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds));
    }

    private static WebhookEntry End(WebhookEntry entry, WebhookState state, DateTimeOffset now) => entry with { State = state, EndedAt = now, Wait = TimeSpan.Zero };

    private static string Sentence(int status) => status is >= 300 and < 400
        ? $"The receiver sends us to another address (status {status}); that is not followed."
        : $"The receiver answered with status {status}.";
}
