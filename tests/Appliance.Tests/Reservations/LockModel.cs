using System.Runtime.InteropServices;

namespace Appliance.Tests.Reservations;

/// <summary>
/// What a reservation lock is, said once more and as simply as possible: its states, and what each call may answer in each. Written from the contract and
/// not from the code, so that the two can disagree. Times are seconds of the monotonic clock.
/// A TTL runs from some moment between the call and its answer: <c>since</c> holds the moments at which the clock stood from the call on, and null stands for
/// the moment at which the operation counts.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LockModel
{
    /// <summary>Stands for a token that was never given out.</summary>
    public const long Guess = -1;

    public double Now { get; init; }

    /// <summary>Null when nobody holds it. Stays after the deadline until somebody is told that it is over: a restart may grant it once more until then.</summary>
    public string? Holder { get; init; }

    /// <summary>The epoch of the grant, which also stands for its token; 0 while nobody was told.</summary>
    public long Epoch { get; init; }

    public double Ttl { get; init; }

    public double Deadline { get; init; }

    public double SettledAt { get; init; }

    /// <summary>Every later grant has a higher epoch.</summary>
    public long LastEpoch { get; init; }

    /// <summary>The tokens that held it before.</summary>
    public string Ended { get; init; }

    public static LockModel Free { get; } = new() { Ended = "," };

    private bool IsHeld => Holder is not null && Now < Deadline;

    public static IEnumerable<LockModel> Granted(LockModel now, string holder, long epoch, double ttl, IEnumerable<double>? since = null)
    {
        var free = now.Lapsed();
        return free.Holder is null && free.Now >= free.SettledAt && epoch > free.LastEpoch ? now.Begins(since).Select(begin => free.Take(holder, epoch, ttl, begin)) : [];
    }

    /// <summary>A grant whose answer was lost.</summary>
    public static IEnumerable<LockModel> PerhapsGranted(LockModel now, string holder, double ttl, IEnumerable<double>? since = null)
    {
        var free = now.Lapsed();
        return free.Holder is null && free.Now >= free.SettledAt
            ? now.Begins(since).Select(begin => free.Take(holder, 0, ttl, begin) with { LastEpoch = free.LastEpoch + 1 })
            : [];
    }

    /// <summary>Refused, also to an extension that shows the wrong token or name.</summary>
    public static IEnumerable<LockModel> RefusedAsHeld(LockModel now, string asker, long? token, string by, long epoch) =>
        now.IsHeld && !(token == now.Epoch && asker == now.Holder) ? now.Recognize(by, epoch) : [];

    public static IEnumerable<LockModel> RefusedAsSettling(LockModel now)
    {
        var free = now.Lapsed();
        return free.Holder is null && free.Now < free.SettledAt ? [free] : [];
    }

    public static IEnumerable<LockModel> Extended(LockModel now, string holder, long token, double ttl, IEnumerable<double>? since = null) =>
        now.IsHeld && now.Holder == holder && now.Epoch == token ? now.Begins(since).Select(begin => now with { Deadline = begin + ttl, Ttl = ttl }) : [];

    /// <summary>An extension whose answer was lost: it counts, and what a restart grants once more may be the old length or the new one.</summary>
    public static IEnumerable<LockModel> PerhapsExtended(LockModel now, string holder, long token, double ttl, IEnumerable<double>? since = null) =>
        Extended(now, holder, token, ttl, since).SelectMany(extended => new[] { extended, extended with { Ttl = now.Ttl } });

    public static IEnumerable<LockModel> Lost(LockModel now) => now.IsHeld ? [] : [now.Lapsed()];

    /// <summary>Given back, once more or in vain; the answer tells who holds it afterwards.</summary>
    public static IEnumerable<LockModel> Released(LockModel now, long token, string? by, long epoch)
    {
        var found = now.Lapsed();
        if (found.Holder is null)
        {
            return by is null ? [found] : [];
        }

        if (token > 0 && found.Epoch == token)
        {
            return by is null ? [found.End()] : [];
        }

        return by is not null && found.Ended.Contains($",{token},", StringComparison.Ordinal) ? found.Recognize(by, epoch) : [];
    }

    public static IEnumerable<LockModel> PerhapsReleased(LockModel now, long token) => now.IsHeld && token > 0 && now.Epoch == token ? [now.End()] : [];

    public static IEnumerable<LockModel> ReleaseForbidden(LockModel now, long token) =>
        now.IsHeld && now.Epoch != token && !now.Ended.Contains($",{token},", StringComparison.Ordinal) ? [now] : [];

    public static IEnumerable<LockModel> Forced(LockModel now)
    {
        var found = now.Lapsed();
        return [found.Holder is null ? found : found.End() with { LastEpoch = Math.Max(found.LastEpoch, found.Epoch) + 1 }];
    }

    public static IEnumerable<LockModel> SeenFree(LockModel now) => now.IsHeld ? [] : [now.Lapsed()];

    public static IEnumerable<LockModel> SeenHeld(LockModel now, string by, long epoch, long? secondsLeft) =>
        now.IsHeld && (secondsLeft is null || secondsLeft == Math.Max(1, (long)Math.Ceiling(Math.Round(now.Deadline - now.Now, 6)))) ? now.Recognize(by, epoch) : [];

    /// <summary>A swap was let past the lock.</summary>
    public static IEnumerable<LockModel> LetPast(LockModel now, long? token) => now.IsHeld ? token == now.Epoch ? [now] : [] : token is null ? [now] : [];

    public static IEnumerable<LockModel> Locked(LockModel now, string by, long epoch) => now.IsHeld ? now.Recognize(by, epoch) : [];

    public static IEnumerable<LockModel> WrongToken(LockModel now, long token) => now.IsHeld && now.Epoch == token ? [] : [now];

    public static IEnumerable<LockModel> Waited(LockModel now, double seconds) => [now with { Now = Math.Round(now.Now + seconds, 6) }];

    /// <summary>The appliance was killed and started again: the whole TTL once more, unless it was noticed before that it had run out.</summary>
    public static IEnumerable<LockModel> Restarted(LockModel now)
    {
        if (now.Holder is null)
        {
            return [now with { SettledAt = 0 }];
        }

        var again = now with { Deadline = now.Now + now.Ttl, SettledAt = 0 };
        return now.IsHeld ? [again] : [again, now.Lapsed() with { SettledAt = 0 }];
    }

    private IEnumerable<double> Begins(IEnumerable<double>? since)
    {
        var now = Now;
        return since?.Where(begin => begin <= now) ?? [now];
    }

    private LockModel Take(string holder, long epoch, double ttl, double begin) => this with
    {
        Holder = holder,
        Epoch = epoch,
        Ttl = ttl,
        Deadline = begin + ttl,
        LastEpoch = Math.Max(LastEpoch, epoch),
    };

    private LockModel Lapsed() => Holder is null || IsHeld ? this : End() with { SettledAt = Deadline + Math.Min(5, Ttl / 10) };

    private LockModel End() => this with { Holder = null, Epoch = 0, Ttl = 0, Deadline = 0, Ended = Epoch == 0 ? Ended : $"{Ended}{Epoch}," };

    /// <summary>Somebody is told who holds it: that has to be so, and the epoch of a grant whose answer was lost becomes known.</summary>
    private IEnumerable<LockModel> Recognize(string by, long epoch)
    {
        var isSame = by == Holder && (Epoch == 0 ? epoch >= LastEpoch : epoch == Epoch);
        return isSame ? [this with { Epoch = epoch, LastEpoch = Math.Max(LastEpoch, epoch) }] : [];
    }
}
