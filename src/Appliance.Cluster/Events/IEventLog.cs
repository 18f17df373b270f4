using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Events;

/// <summary>The durable list of what happened, and the stream of what happens. Thread-safe.</summary>
public interface IEventLog
{
    /// <summary>
    /// Stores an event and hands it to all subscribers. When this returns, the event survives a power cut. Of the details, only those are stored that
    /// <see cref="EventTypes"/> lists for the type; an event of an unlisted type is not stored at all (its id stays 0).
    /// </summary>
    Task<ApplianceEvent> AppendAsync(ApplianceEvent happened, CancellationToken cancellationToken);

    /// <summary>
    /// Likewise, with what the event tells of: both are stored in one transaction, so that neither can be without the other after a kill.
    /// <paramref name="alongside"/> is short and only writes.
    /// </summary>
    Task<ApplianceEvent> AppendAsync(ApplianceEvent happened, Action<SqliteConnection, SqliteTransaction> alongside, CancellationToken cancellationToken);

    /// <summary>Stored events after an id, oldest first; <paramref name="type"/> null means all types; at most <paramref name="limit"/> (1 to 1000).</summary>
    Task<ImmutableArray<ApplianceEvent>> ReadAsync(long after, string? type, int limit, CancellationToken cancellationToken);

    /// <summary>The newest events, newest first; <paramref name="type"/> null means all types; at most <paramref name="limit"/> (1 to 1000).</summary>
    Task<ImmutableArray<ApplianceEvent>> ReadNewestAsync(string? type, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Every event after an id, stored ones first, then new ones as they happen, without gap or repeat, until cancelled.
    /// A slow reader is served from the store, so nothing is dropped and nothing is queued without bound.
    /// </summary>
    IAsyncEnumerable<ApplianceEvent> FollowAsync(long after, CancellationToken cancellationToken);
}
