using System.Collections.Immutable;
using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Reservations;

/// <summary>What reservations say in the list of events. Notes stay out: they are people's words. Pure.</summary>
internal static class ReservationSentences
{
    /// <summary>Somebody got the lane. <paramref name="where"/> is its name where there are several; null where it would say nothing.</summary>
    public static ApplianceEvent Acquired(LaneId lane, string? where, Reservation reservation, DateTimeOffset at) => Event(
        EventTypes.LockAcquired, EventSeverity.Info, lane, reservation, at, $"{reservation.Holder} reserved the model{On(where)} for {Duration(reservation.Ttl)}", by: null);

    /// <summary>The holder gave it back.</summary>
    public static ApplianceEvent Released(LaneId lane, string? where, Reservation reservation, DateTimeOffset at) => Event(
        EventTypes.LockReleased, EventSeverity.Info, lane, reservation, at, $"{reservation.Holder} gave its reservation{On(where)} back", by: null);

    /// <summary>Somebody else ended it; <paramref name="epoch"/> is what the epoch was raised to.</summary>
    public static ApplianceEvent Forced(LaneId lane, string? where, Reservation reservation, DateTimeOffset at, string by, long epoch)
    {
        var forced = Event(
            EventTypes.LockForced, EventSeverity.Warning, lane, reservation, at, $"The reservation of {reservation.Holder}{On(where)} was ended by {by}", by);
        return forced with { Details = forced.Details.SetItem("epoch", epoch.ToString()) };
    }

    /// <summary>It has run out.</summary>
    public static ApplianceEvent Expired(LaneId lane, string? where, Reservation reservation, DateTimeOffset at) => Event(
        EventTypes.LockExpired, EventSeverity.Info, lane, reservation, at, $"The reservation of {reservation.Holder}{On(where)} has run out", by: null);

    private static ApplianceEvent Event(
        string type, EventSeverity severity, LaneId lane, Reservation reservation, DateTimeOffset at, string sentence, string? by)
    {
        var details = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        details["lane"] = lane.Value;
        details["holder"] = reservation.Holder;
        details["epoch"] = reservation.Epoch.ToString();
        details["lock_epoch"] = reservation.Epoch.ToString();
        details["ttl_seconds"] = ((long)Math.Ceiling(reservation.Ttl.TotalSeconds)).ToString();
        if (by is not null)
        {
            details["by"] = by;
        }

        return new ApplianceEvent
        {
            At = at,
            Type = type,
            Severity = severity,
            Component = "reservations",
            CorrelationId = $"lock-{reservation.Epoch}",
            Sentence = sentence,
            Details = details.ToImmutable(),
        };
    }

    private static string On(string? where) => where is null ? "" : $" on {where}";

    private static string Duration(TimeSpan ttl) => ttl switch
    {
        { TotalSeconds: < 120 } => $"{Math.Ceiling(ttl.TotalSeconds)} s",
        { TotalMinutes: < 120 } => $"{Math.Round(ttl.TotalMinutes)} min",
        _ => $"{Math.Round(ttl.TotalHours)} h",
    };
}
