using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The starts that no person asked for. Their age is counted on the monotonic clock and kept in the store: neither a restart of the appliance nor a clock
/// that is set makes a start older than it is (I-12). The time while the appliance was off does not count. Used by the engine's loop only.
/// </summary>
internal sealed class StartLedger(Database database, TimeProvider time)
{
    /// <summary>After a kill the starts are younger than they are by this at most.</summary>
    private static readonly TimeSpan KeepInterval = TimeSpan.FromMinutes(5);

    private ImmutableArray<Entry> _entries = [];
    private long _keptAt;

    /// <summary>Reads what the last life noted.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var now = _keptAt = time.GetTimestamp();
        var rows = await database.ReadAsync(
            connection => connection.Query<Row>("SELECT id AS Id, model AS Model, hosts AS Hosts, age_ms AS AgeMs FROM automatic_starts ORDER BY id").ToArray(), cancellationToken);
        _entries = [.. rows.Select(row => new Entry(row.Id, ModelId.Parse(row.Model), Hosts(row.Hosts), TimeSpan.FromMilliseconds(row.AgeMs), now))];
    }

    /// <summary>Why a model may not be started now without a person asking; null when it may.</summary>
    public string? FindRefusal(ModelId model, ImmutableArray<HostId> hosts) =>
        StartBudget.FindRefusal(_entries.Select(entry => new AutomaticStart(entry.Model, entry.Hosts, AgeOf(entry))), model, hosts);

    /// <summary>Notes a start before it happens. When this returns, it counts whatever happens next.</summary>
    public async Task NoteAsync(ModelId model, ImmutableArray<HostId> hosts, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var id = await database.WriteAsync(
            (connection, transaction) =>
            {
                WriteAges(connection, transaction);
                return connection.QuerySingle<long>(
                    "INSERT INTO automatic_starts (model, hosts, age_ms) VALUES (@model, @hosts, 0) RETURNING id",
                    new { model = model.Value, hosts = string.Join(' ', hosts) },
                    transaction);
            },
            cancellationToken);
        _entries = _entries.Add(new Entry(id, model, hosts, TimeSpan.Zero, now));
        _keptAt = now;
    }

    /// <summary>Keeps the ages, now and then, and forgets what no longer counts.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_entries.IsEmpty || time.GetElapsedTime(_keptAt) < KeepInterval)
        {
            return;
        }

        await database.WriteAsync(WriteAges, cancellationToken);
        _keptAt = time.GetTimestamp();
        _entries = _entries.RemoveAll(entry => AgeOf(entry) >= StartBudget.HostWindow);
    }

    private void WriteAges(SqliteConnection connection, SqliteTransaction transaction)
    {
        foreach (var entry in _entries)
        {
            connection.Execute("UPDATE automatic_starts SET age_ms = @age WHERE id = @id", new { id = entry.Id, age = (long)AgeOf(entry).TotalMilliseconds }, transaction);
        }

        connection.Execute("DELETE FROM automatic_starts WHERE age_ms >= @limit", new { limit = (long)StartBudget.HostWindow.TotalMilliseconds }, transaction);
    }

    private TimeSpan AgeOf(Entry entry) => entry.Age + time.GetElapsedTime(entry.At);

    private static ImmutableArray<HostId> Hosts(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(HostId.Parse)];

    /// <summary>A start whose age was <paramref name="Age"/> at the timestamp <paramref name="At"/>.</summary>
    private sealed record Entry(long Id, ModelId Model, ImmutableArray<HostId> Hosts, TimeSpan Age, long At);

    private sealed class Row
    {
        public long Id { get; init; }

        public string Model { get; init; } = "";

        public string Hosts { get; init; } = "";

        public long AgeMs { get; init; }
    }
}
