using Appliance.Cluster.Swaps;

namespace Appliance.Cluster.Reservations;

/// <summary>
/// Wakes the loop when a reservation has run out, so that it is told of in time, and once a minute while one is held: the end that people are shown follows
/// a wall clock that was set. Nothing is decided here; a wake-up that is lost or early harms nothing.
/// </summary>
internal sealed class ReservationAlarm : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // Timers may fire a little early; and a loop that had no room or no disk is asked again.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;

    public ReservationAlarm(SwapMailbox mailbox, TimeProvider time) =>
        _timer = time.CreateTimer(_ => mailbox.Offer(new SwapCommand.LookAtReservations(Answer: null)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>The next end is so far away; null when nothing is held.</summary>
    public void Set(TimeSpan? left) => _ = left is { } wait
        ? _timer.Change(wait + Slack < Longest ? wait + Slack : Longest, Again)
        : _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
