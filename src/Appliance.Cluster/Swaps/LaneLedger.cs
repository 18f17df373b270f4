using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Swaps;

/// <summary>The records of all lanes, durable. Changed by the engine's loop only.</summary>
internal sealed class LaneLedger(Database database)
{
    private ImmutableDictionary<LaneId, LaneRecord> _records = ImmutableDictionary<LaneId, LaneRecord>.Empty;

    /// <summary>The record of a lane; an unsure one when nothing is known.</summary>
    public LaneRecord Find(LaneId lane) => Volatile.Read(ref _records).GetValueOrDefault(lane) ?? new LaneRecord { Lane = lane };

    /// <summary>Reads what the last life knew.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.Query<Row>("SELECT lane AS Lane, is_sure AS IsSure, model AS Model, name AS Name, good AS Good, drift AS Drift FROM lane_records").ToArray(),
            cancellationToken);
        Volatile.Write(ref _records, rows.Select(row => row.ToRecord()).ToImmutableDictionary(record => record.Lane));
    }

    /// <summary>Writes a record in somebody's transaction; <see cref="Take"/> follows when that has succeeded.</summary>
    public static void Write(SqliteConnection connection, SqliteTransaction transaction, LaneRecord record) => connection.Execute(
        "INSERT OR REPLACE INTO lane_records (lane, is_sure, model, name, good, drift) VALUES (@Lane, @IsSure, @Model, @Name, @Good, @Drift)",
        Row.Of(record),
        transaction);

    /// <summary>Takes over a record that was written.</summary>
    public void Take(LaneRecord record) => Volatile.Write(ref _records, _records.SetItem(record.Lane, record));

    /// <summary>Writes a record and takes it over.</summary>
    public async Task SaveAsync(LaneRecord record, CancellationToken cancellationToken)
    {
        await database.WriteAsync((connection, transaction) => Write(connection, transaction, record), cancellationToken);
        Take(record);
    }

    private sealed class Row
    {
        public string Lane { get; init; } = "";

        public long IsSure { get; init; }

        public string? Model { get; init; }

        public string? Name { get; init; }

        public string? Good { get; init; }

        public string? Drift { get; init; }

        public static Row Of(LaneRecord record) => new()
        {
            Lane = record.Lane.Value,
            IsSure = record.IsSure ? 1 : 0,
            Model = record.Model?.Value,
            Name = record.Name,
            Good = record.Good?.Value,
            Drift = record.Drift,
        };

        public LaneRecord ToRecord() => new()
        {
            Lane = LaneId.Parse(Lane),
            IsSure = IsSure != 0,
            Model = Id(Model),
            Name = Name,
            Good = Id(Good),
            Drift = Drift,
        };

        private static ModelId? Id(string? text) => ModelId.TryParse(text, out var id) ? id : null;
    }
}
