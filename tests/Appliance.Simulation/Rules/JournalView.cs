using Appliance.Cluster.Primitives;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Simulation.Rules;

/// <summary>What one appliance's file says, read past the appliance.</summary>
internal sealed class JournalView(SqliteConnection file)
{
    private const string Columns = "SELECT id AS Id, state AS State, epoch AS Epoch, ended_at AS EndedAt, is_rolling_back AS IsRollingBack FROM swap_jobs ";

    /// <summary>The job, or null.</summary>
    public Row? Find(string job) => file.QuerySingleOrDefault<Row>(Columns + "WHERE id = @job", new { job });

    /// <summary>The lane and the name of the model of a job that launched nothing; null for every other job.</summary>
    public (string Lane, string ServedName)? FindUnlaunched(string job) => file.Query<(string, string)>(
        "SELECT lane, served_name FROM swap_jobs WHERE id = @job AND launched_at IS NULL AND served_name IS NOT NULL", new { job }).Cast<(string, string)?>().FirstOrDefault();

    /// <summary>The job that runs on a lane, or null.</summary>
    public Row? FindRunning(LaneId lane) =>
        file.QueryFirstOrDefault<Row>(Columns + "WHERE lane = @lane AND ended_at IS NULL AND state <> 'Queued'", new { lane = lane.Value });

    /// <summary>Every job that has ended, with how.</summary>
    public IEnumerable<(string Id, string State)> ReadEnded() => file.Query<(string, string)>("SELECT id, state FROM swap_jobs WHERE ended_at IS NOT NULL");

    /// <summary>A number that a statement counts.</summary>
    public long Count(string sql) => file.QuerySingle<long>(sql);

    /// <summary>A job as it is stored.</summary>
    public sealed class Row
    {
        public string Id { get; init; } = "";

        public string State { get; init; } = "";

        public long Epoch { get; init; }

        public long? EndedAt { get; init; }

        public long IsRollingBack { get; init; }
    }
}
