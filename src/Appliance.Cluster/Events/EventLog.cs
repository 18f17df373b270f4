using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Appliance.Cluster.View;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Events;

/// <summary>
/// The event log on the store. Followers are only told "there is something": what, they read from the store, each from its own place. So a follower
/// can be slow without anybody queueing for it, and there is no moment between "stored" and "new" in which an event could fall out or come twice.
/// </summary>
internal sealed partial class EventLog(Database database, ClusterView view, ILogger<EventLog> logger) : IEventLog
{
    /// <summary>About a year of a busy home, some 20 MB.</summary>
    public const int Kept = 50_000;

    private const int RecentLength = 20;
    private const int Page = 200;
    private const string Columns = "SELECT id, at, type, severity, component, correlation, sentence, details FROM events";

    private readonly Bell _newer = new();

    public Task<ApplianceEvent> AppendAsync(ApplianceEvent happened, CancellationToken cancellationToken) =>
        AppendAsync(happened, static (_, _) => { }, cancellationToken);

    public async Task<ApplianceEvent> AppendAsync(
        ApplianceEvent happened, Action<SqliteConnection, SqliteTransaction> alongside, CancellationToken cancellationToken)
    {
        var (clean, dropped) = EventEnvelope.Clean(happened);
        if (clean is null)
        {
            // The list of types decides what is told, never what is done.
            LogTypeDropped(happened.Type);
            await database.WriteAsync(alongside, cancellationToken);
            return happened;
        }

        if (!dropped.IsEmpty)
        {
            LogDetailsDropped(happened.Type, string.Join(", ", dropped));
        }

        var stored = await database.WriteAsync(
            (connection, transaction) =>
            {
                alongside(connection, transaction);
                return Insert(connection, clean);
            },
            cancellationToken);

        _newer.Ring();
        Publish([stored]);
        return stored;
    }

    public Task<ImmutableArray<ApplianceEvent>> ReadAsync(long after, string? type, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => Query(
                connection,
                $"{Columns} WHERE id > $after AND ($type IS NULL OR type = $type) ORDER BY id LIMIT $limit",
                ("$after", after),
                ("$type", type),
                ("$limit", Math.Clamp(limit, 1, 1000))),
            cancellationToken);

    public Task<ImmutableArray<ApplianceEvent>> ReadNewestAsync(string? type, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => Query(
                connection,
                $"{Columns} WHERE $type IS NULL OR type = $type ORDER BY id DESC LIMIT $limit",
                ("$type", type),
                ("$limit", Math.Clamp(limit, 1, 1000))),
            cancellationToken);

    public async IAsyncEnumerable<ApplianceEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = after;
        while (true)
        {
            // Taken before reading: an event stored after the read has already rung this bell.
            var newer = _newer.Next;
            var page = await ReadAsync(place, type: null, Page, cancellationToken);
            foreach (var happened in page)
            {
                yield return happened;
                place = happened.Id;
            }

            if (page.Length < Page)
            {
                await newer.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Shows the newest stored events in the view: once, at start.</summary>
    public async Task PublishNewestAsync(CancellationToken cancellationToken) =>
        Publish(await ReadNewestAsync(type: null, RecentLength, cancellationToken));

    /// <summary>Removes what is beyond <see cref="Kept"/>. Ids are not used again, so a follower's place stays valid.</summary>
    public Task<int> TrimAsync(int kept, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, _) => Execute(
                connection, "DELETE FROM events WHERE id <= (SELECT id FROM events ORDER BY id DESC LIMIT 1 OFFSET $kept)", ("$kept", kept)),
            cancellationToken);

    // Appends finish in any order; sorting by id keeps the list newest first whoever comes last.
    private void Publish(ImmutableArray<ApplianceEvent> events)
    {
        if (!events.IsEmpty)
        {
            view.Update(snapshot => snapshot with
            {
                Recent = [.. snapshot.Recent.Concat(events).DistinctBy(happened => happened.Id).OrderByDescending(happened => happened.Id).Take(RecentLength)],
            });
        }
    }

    private static ApplianceEvent Insert(SqliteConnection connection, ApplianceEvent happened)
    {
        using var command = Command(
            connection,
            """
            INSERT INTO events (at, type, severity, component, correlation, sentence, details)
            VALUES ($at, $type, $severity, $component, $correlation, $sentence, $details) RETURNING id
            """,
            ("$at", happened.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)),
            ("$type", happened.Type),
            ("$severity", EventSeverities.ToWord(happened.Severity)),
            ("$component", happened.Component),
            ("$correlation", happened.CorrelationId),
            ("$sentence", happened.Sentence),
            ("$details", JsonSerializer.Serialize(happened.Details, EventJson.Default.ImmutableSortedDictionaryStringString)));
        return happened with { Id = (long)command.ExecuteScalar()! };
    }

    private static ImmutableArray<ApplianceEvent> Query(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        var events = ImmutableArray.CreateBuilder<ApplianceEvent>();
        while (reader.Read())
        {
            events.Add(new ApplianceEvent
            {
                Id = reader.GetInt64(0),
                At = DateTimeOffset.Parse(reader.GetString(1), CultureInfo.InvariantCulture),
                Type = reader.GetString(2),
                Severity = EventSeverities.Parse(reader.GetString(3)),
                Component = reader.GetString(4),
                CorrelationId = reader.IsDBNull(5) ? null : reader.GetString(5),
                Sentence = reader.GetString(6),
                Details = JsonSerializer.Deserialize(reader.GetString(7), EventJson.Default.ImmutableSortedDictionaryStringString)
                    ?? ImmutableSortedDictionary<string, string>.Empty,
            });
        }

        return events.ToImmutable();
    }

    private static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

#pragma warning disable CA2100 // Statements of this class; every value is a parameter.
    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
#pragma warning restore CA2100

    [LoggerMessage(LogLevel.Debug, "An event of the type {Type} was not stored: EventTypes does not list it")]
    private partial void LogTypeDropped(string type);

    [LoggerMessage(LogLevel.Debug, "An event of the type {Type} was stored without the details {Names}: EventTypes does not list them")]
    private partial void LogDetailsDropped(string type, string names);
}
