using Appliance.Cluster.Shell;

namespace Appliance.Cluster.Health;

/// <summary>How long the host watch waits before it looks again. Pure.</summary>
internal static class HostWatchDelays
{
    /// <summary>Between two looks at a host that answers.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for a host that is switched off: it is back on the page this soon.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // A host that swaps itself to death is made worse by every login (F-03).
    private static readonly TimeSpan Thrashing = TimeSpan.FromMinutes(1);

    // Repeated refusals get an address banned (F-04); fail2ban counts within ten minutes, five by default.
    private static readonly TimeSpan Refused = TimeSpan.FromMinutes(3);

    /// <summary>
    /// The wait after the <paramref name="failures"/>th failure in a row (1 is the first), with up to a quarter taken off by
    /// <paramref name="jitter"/> (0 to 1), so that many watchers do not knock together.
    /// </summary>
    public static TimeSpan After(HostFaultKind kind, int failures, double jitter)
    {
        var wait = kind switch
        {
            HostFaultKind.Thrashing => Thrashing,
            HostFaultKind.AuthenticationFailed => Refused,
            HostFaultKind.HostKeyUnknown or HostFaultKind.HostKeyChanged or HostFaultKind.KeyUnusable or HostFaultKind.UnexpectedShell
                or HostFaultKind.NotPrepared or HostFaultKind.OnlyWatched => Longest,
            HostFaultKind.Overloaded => Usual,
            HostFaultKind.Unreachable or HostFaultKind.ConnectionLost or HostFaultKind.DeadlineExceeded =>
                TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Clamp(failures - 1, 0, 10)))),
            _ => Longest,
        };
        return wait * (1 - (0.25 * Math.Clamp(jitter, 0, 1)));
    }
}
