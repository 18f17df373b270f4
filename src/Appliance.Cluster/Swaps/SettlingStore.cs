using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Swaps;

/// <summary>The durable record of the models that are watched since their first answer. Thread-safe.</summary>
internal sealed class SettlingStore(Database database)
{
    /// <summary>A job has ended with its model live: the watch begins, in the transaction that stores the end. Other ends change nothing.</summary>
    public static void WriteEnded(SqliteConnection connection, SqliteTransaction transaction, SwapJob job)
    {
        if (job is { Kind: SwapKind.Swap, State: SwapState.Live } && !SwapSteps.HasOnlyWaited(job))
        {
            connection.Execute(
                "INSERT OR REPLACE INTO settling (lane, job_id, watched_ms) VALUES (@lane, @id, 0)", new { lane = job.Lane.Value, id = job.Id.Value }, transaction);
        }
    }

    /// <summary>Something else is done to the lane, or its crash was told: nothing is watched there any more.</summary>
    public static void WriteLeft(SqliteConnection connection, SqliteTransaction transaction, LaneId lane) =>
        connection.Execute("DELETE FROM settling WHERE lane = @lane", new { lane = lane.Value }, transaction);

    /// <summary>Notes how long the model of a job was watched; the whole time ends it.</summary>
    public Task NoteAsync(SwapJob job, TimeSpan watched, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            watched < SwapTimes.SettleTime
                ? "UPDATE settling SET watched_ms = @watched WHERE lane = @lane AND job_id = @id"
                : "DELETE FROM settling WHERE lane = @lane AND job_id = @id",
            new { lane = job.Lane.Value, id = job.Id.Value, watched = (long)watched.TotalMilliseconds },
            transaction),
        cancellationToken);

    /// <summary>What the last life still watched: the jobs, with how long.</summary>
    public async Task<ImmutableDictionary<SwapJobId, TimeSpan>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.Query<(string Job, long Watched)>("SELECT job_id, watched_ms FROM settling").ToArray(), cancellationToken);
        return rows.ToImmutableDictionary(row => SwapJobId.Parse(row.Job), row => TimeSpan.FromMilliseconds(row.Watched));
    }
}
