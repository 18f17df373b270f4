using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Reservations;

/// <summary>The durable record of reservations: who holds a lane survives a restart. Thread-safe.</summary>
internal sealed class ReservationStore(Database database)
{
    /// <summary>Ended reservations that are kept per lane, for their tokens and for looking back.</summary>
    private const int Kept = 1000;

    /// <summary>
    /// The locks as they stood, their TTL granted anew from <paramref name="now"/>, and the highest epoch that any reservation got or was ended with.
    /// </summary>
    public async Task<(ImmutableDictionary<LaneId, LockState> Locks, long Epoch)> ReadAsync(ClockReading now, CancellationToken cancellationToken)
    {
        var (rows, epoch) = await database.ReadAsync(
            connection =>
            (
                connection.Query<StoredReservation>(
                    """
                    SELECT epoch AS Epoch, lane AS Lane, holder AS Holder, note AS Note, token_sha256 AS Token, ttl_ms AS Ttl, acquired_at AS AcquiredAt,
                        ended_at AS EndedAt
                    FROM (SELECT *, row_number() OVER (PARTITION BY lane ORDER BY epoch DESC) AS age FROM reservations)
                    WHERE age <= @remembered OR ended_at IS NULL ORDER BY epoch
                    """,
                    new { remembered = ReservationLock.RememberedTokens }).ToArray(),
                connection.QuerySingle<long>("SELECT coalesce(max(max(epoch), coalesce(max(end_epoch), 0)), 0) FROM reservations")
            ),
            cancellationToken);
        return (rows.GroupBy(row => row.Lane).ToImmutableDictionary(lane => LaneId.Parse(lane.Key), lane => ToState([.. lane], now)), epoch);
    }

    /// <summary>Keeps a granted reservation, in somebody's transaction.</summary>
    public static void WriteGranted(SqliteConnection connection, SqliteTransaction transaction, LaneId lane, LockState state)
    {
        var granted = state.Held!;
        var row = new
        {
            granted.Epoch,
            Lane = lane.Value,
            granted.Holder,
            granted.Note,
            Token = state.Token.ToStored(),
            Ttl = (long)granted.Ttl.TotalMilliseconds,
            At = granted.AcquiredAt.ToUnixTimeMilliseconds(),
        };

        // A grant whose outcome a sick disk left unknown is nobody's: its token was never told.
        connection.Execute("UPDATE reservations SET ended_at = @At WHERE lane = @Lane AND ended_at IS NULL", row, transaction);
        connection.Execute(
            """
            INSERT INTO reservations (epoch, lane, holder, note, token_sha256, ttl_ms, acquired_at) VALUES (@Epoch, @Lane, @Holder, @Note, @Token, @Ttl, @At)
            """,
            row,
            transaction);
        connection.Execute(
            "DELETE FROM reservations WHERE lane = @lane AND epoch <= (SELECT epoch FROM reservations WHERE lane = @lane ORDER BY epoch DESC LIMIT 1 OFFSET @Kept)",
            new { lane = lane.Value, Kept },
            transaction);
    }

    /// <summary>Keeps what an extension changed: the TTL that a restart grants anew, and the note.</summary>
    public Task WriteExtendedAsync(Reservation reservation, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            "UPDATE reservations SET ttl_ms = @ttl, note = @Note WHERE epoch = @Epoch",
            new { ttl = (long)reservation.Ttl.TotalMilliseconds, reservation.Note, reservation.Epoch },
            transaction),
        cancellationToken);

    /// <summary>Keeps the end of a reservation, in somebody's transaction; <paramref name="endEpoch"/> is the epoch that a forced end raised to.</summary>
    public static void WriteEnded(
        SqliteConnection connection, SqliteTransaction transaction, Reservation reservation, DateTimeOffset at, long? endEpoch) => connection.Execute(
        "UPDATE reservations SET ended_at = @at, end_epoch = @endEpoch WHERE epoch = @Epoch",
        new { at = at.ToUnixTimeMilliseconds(), endEpoch, reservation.Epoch },
        transaction);

    private static LockState ToState(StoredReservation[] oldestFirst, ClockReading now)
    {
        var held = oldestFirst.SingleOrDefault(row => row.EndedAt is null);
        return ReservationLock.Restore(
            held?.ToReservation(),
            held is null ? default : TokenHash.Stored(held.Token),
            [.. oldestFirst.Where(row => row.EndedAt is not null).Select(row => TokenHash.Stored(row.Token))],
            now);
    }
}
