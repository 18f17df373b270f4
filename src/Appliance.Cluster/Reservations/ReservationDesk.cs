using Appliance.Cluster.Primitives;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Reservations;

/// <summary>Where lanes are reserved and given back. Wishes are served one at a time by the loop of the swap engine. Thread-safe.</summary>
public sealed class ReservationDesk
{
    private readonly SwapMailbox _mailbox;
    private readonly ClusterView _view;
    private readonly TimeProvider _time;

    internal ReservationDesk(SwapMailbox mailbox, ClusterView view, TimeProvider time) => (_mailbox, _view, _time) = (mailbox, view, time);

    /// <summary>
    /// Asks for a lane, or for more of it. When this answers <see cref="ReservationOutcome.Granted"/>, the reservation survives a power cut. A caller that
    /// leaves before the answer may or may not have got it.
    /// </summary>
    public Task<ReservationOutcome> ReserveAsync(ReservationAsk ask, CancellationToken cancellationToken) =>
        _mailbox.AskAsync<ReservationOutcome>(answer => new SwapCommand.Reserve(ask, answer), cancellationToken);

    /// <summary>
    /// Gives a lane back, with the token or by force. <paramref name="by"/> says who, in words, for the event of a forced release. Doing it again changes
    /// nothing.
    /// </summary>
    public Task<ReservationOutcome> ReleaseAsync(LaneId lane, LanePass pass, string by, CancellationToken cancellationToken) =>
        _mailbox.AskAsync<ReservationOutcome>(answer => new SwapCommand.Release(lane, pass, by, answer), cancellationToken);

    /// <summary>
    /// The reservation of a lane as it is now; null when nobody holds it. Never one that has run out. One that seems to have run out is asked about in the
    /// loop: its holder may be extending it at this moment, and what was seen as over must not be seen as held again.
    /// </summary>
    public async Task<Reservation?> FindAsync(LaneId lane, CancellationToken cancellationToken)
    {
        while (true)
        {
            var shown = Shown(lane);
            var now = ClockReading.Of(_time);
            if (!ReferenceEquals(shown, Shown(lane)))
            {
                // It changed while the clock was read, so the two do not belong together.
                continue;
            }

            if (shown is null)
            {
                return null;
            }

            if (shown.At(now) is { } held)
            {
                return held;
            }

            await _mailbox.AskAsync<bool>(answer => new SwapCommand.LookAtReservations(answer), cancellationToken);
        }
    }

    private Reservation? Shown(LaneId lane) => _view.Current.FindLane(lane)?.Reservation;
}
