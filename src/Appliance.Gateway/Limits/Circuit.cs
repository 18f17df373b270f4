namespace Appliance.Gateway.Limits;

/// <summary>
/// Whether connecting to a server is worth a try. After some failures in a row nobody tries for a while, then one request does for all; a connection that
/// is made closes the matter. Pure and immutable. Busy servers are not touched by this: only a connection that could not be made counts.
/// </summary>
internal sealed record Circuit
{
    /// <summary>All is well.</summary>
    public static Circuit Closed { get; } = new();

    /// <summary>A server that is being restarted refuses once or twice.</summary>
    private const int FailuresBeforeOpen = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>The watch looks every five seconds anyway and then says more than we can.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private init; }

    /// <summary>Until when nobody tries, on a clock that only goes forward.</summary>
    public TimeSpan OpenUntil { get; private init; } = TimeSpan.MinValue;

    /// <summary>How long from now nobody tries; null when this request may.</summary>
    public TimeSpan? Closes(TimeSpan now) => now < OpenUntil ? OpenUntil - now : null;

    /// <summary>The pause is over and this request tries for all: the others wait for one more pause.</summary>
    public Circuit Try(TimeSpan now) => Failures < FailuresBeforeOpen ? this : this with { OpenUntil = now + Pause };

    /// <summary>A connection could not be made.</summary>
    public Circuit Fail(TimeSpan now)
    {
        var failed = this with { Failures = Failures + 1 };
        return failed.Failures < FailuresBeforeOpen ? failed : failed with { OpenUntil = now + failed.Pause };
    }

    private TimeSpan Pause
    {
        get
        {
            var pause = FirstPause * Math.Pow(2, Math.Clamp(Failures - FailuresBeforeOpen, 0, 10));
            return pause < LongestPause ? pause : LongestPause;
        }
    }
}
