using System.Collections.Immutable;
using Appliance.Cluster.Reservations;
using Appliance.Swaps;
using Appliance.Ui;

namespace Appliance.Reservations;

/// <summary>Who keeps a lane, and what ending that means. Pure.</summary>
public static class ReservationWords
{
    /// <summary>"Reserved by nightly-batch until 04:15".</summary>
    public static string Held(Reservation reservation, DateTimeOffset now, TimeZoneInfo zone) =>
        $"Reserved by {reservation.Holder} until {TimeWords.Clock(reservation.ExpiresAt, now, zone)}";

    /// <summary>What it means for everybody else.</summary>
    public static string Meaning(bool isServing) => isServing
        ? "Until then only its holder changes or stops the model. It answers everybody as usual."
        : "Until then only its holder starts a model here.";

    /// <summary>The line of a receipt for a change or stop that ends somebody's reservation first.</summary>
    public static ReceiptLine Ends(Reservation reservation, DateTimeOffset now, TimeZoneInfo zone) => new(
        $"The reservation of {reservation.Holder} ends first.",
        $"It was to last until {TimeWords.Clock(reservation.ExpiresAt, now, zone)}{Note(reservation)}. Its holder is not asked; its next change is refused.");

    /// <summary>What ending a reservation means, and nothing else.</summary>
    public static ImmutableArray<ReceiptLine> OfRelease(Reservation reservation, string? running, DateTimeOffset now, TimeZoneInfo zone) =>
    [
        new ReceiptLine("Everybody can change the model again,", "at once."),
        new ReceiptLine(
            "",
            $"{reservation.Holder} wanted it until {TimeWords.Clock(reservation.ExpiresAt, now, zone)}{Note(reservation)}. It is not asked; its next change is refused."),
        new ReceiptLine("", running is null ? "Nothing is stopped or started by this." : $"{running} goes on: nothing is stopped by this."),
        new ReceiptLine("", "The list of events remembers that you did it."),
    ];

    /// <summary>Why nothing was released; null when it was, or nothing was left to release.</summary>
    public static RefusalText? Refusal(ReservationOutcome outcome) => outcome switch
    {
        ReservationOutcome.Held { By: var by } => new RefusalText(
            $"{by.Holder} has reserved it meanwhile", "You wanted to end an earlier reservation, so nothing was released.", "Close this and look again."),
        ReservationOutcome.UnknownLane => new RefusalText("That place is not there any more", "Nothing was released."),
        _ => null,
    };

    private static string Note(Reservation reservation) => reservation.Note is { } note ? $" ({note})" : "";
}
