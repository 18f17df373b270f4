namespace Appliance.Gateway.Limits;

/// <summary>
/// Whether connecting to a server is worth a try. After failures over some time nobody tries for a while, then one request does for all; a connection that
/// is made closes the matter. Pure and immutable. Busy servers are not touched by this: only a connection that could not be made counts.
/// </summary>
internal sealed record Circuit
{
    /// <summary>All is well.</summary>
    public static Circuit Closed { get; } = new();

    /// <summary>A server that is being restarted refuses once or twice.</summary>
    private const int FailuresBeforeOpen = 3;

    /// <summary>A port that is bound anew or a line of connections that is full is over sooner, however many requests met it at once.</summary>
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>The watch looks every five seconds anyway and then says more than we can.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private int Failures { get; init; }

    /// <summary>When the first attempt in the row began.</summary>
    private TimeSpan FailingSince { get; init; } = TimeSpan.MaxValue;

    /// <summary>Pauses in a row.</summary>
    private int Pauses { get; init; }

    /// <summary>Until when nobody tries, on a clock that only goes forward.</summary>
    private TimeSpan OpenUntil { get; init; } = TimeSpan.MinValue;

    /// <summary>How long from now nobody tries; null when this request may.</summary>
    public TimeSpan? Closes(TimeSpan now) => now < OpenUntil ? OpenUntil - now : null;

    /// <summary>This request tries; when there was a pause, for all: the others wait for one more, in case it fails.</summary>
    public Circuit Try(TimeSpan now) => Pauses == 0 ? this : Pause(now);

    /// <summary>A connection could not be made. Whoever was on the way when the pause began says nothing new.</summary>
    /// <param name="began">When the attempt began.</param>
    /// <param name="now">Now, on the same clock.</param>
    public Circuit Fail(TimeSpan began, TimeSpan now)
    {
        if (Closes(now) is not null)
        {
            return this;
        }

        var failed = this with { Failures = Failures + 1, FailingSince = began < FailingSince ? began : FailingSince };
        return failed.Failures >= FailuresBeforeOpen && now - failed.FailingSince >= Blink ? failed.Pause(now) : failed;
    }

    private Circuit Pause(TimeSpan now)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(Pauses, 10));
        return this with { Pauses = Pauses + 1, OpenUntil = now + (pause < LongestPause ? pause : LongestPause) };
    }
}
