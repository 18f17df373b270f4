using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;

namespace Appliance.Cluster.Swaps;

/// <summary>The kept logs of servers that are gone. Thread-safe.</summary>
internal sealed class ServerLogs(Database database, TimeProvider time)
{
    /// <summary>Some 20 kB each.</summary>
    private const int Kept = 200;

    /// <summary>
    /// Keeps what the server on a lane wrote last, with the job that started it: the last one that left this model running there. <paramref name="stoppedBy"/>
    /// is the job that is about to stop it. A null <paramref name="model"/> with a <paramref name="modelName"/> is a stranger's; without, it is what we left.
    /// </summary>
    public Task KeepAsync(LaneId lane, ModelId? model, string? modelName, SwapJobId? stoppedBy, ImmutableArray<string> lines, CancellationToken cancellationToken) =>
        lines.IsEmpty ? Task.CompletedTask : database.WriteAsync(
            (connection, transaction) =>
            {
                connection.Execute(
                    """
                    INSERT INTO server_logs (lane, model_name, started_by, stopped_by, kept_at, lines)
                    VALUES (@lane, coalesce(@modelName, 'The model'), (
                        SELECT id FROM (
                            SELECT id, coalesce(rolled_back_to, model) AS left_running FROM swap_jobs
                            WHERE lane = @lane AND (state = @live AND kind = @swap OR rolled_back_to IS NOT NULL) ORDER BY epoch DESC LIMIT 1)
                        WHERE left_running = @model OR @model IS NULL AND @modelName IS NULL), @stoppedBy, @now, @text)
                    """,
                    new
                    {
                        lane = lane.Value,
                        model = model?.Value,
                        modelName,
                        stoppedBy = stoppedBy?.Value,
                        now = time.GetUtcNow().ToUnixTimeMilliseconds(),
                        text = string.Join('\n', lines),
                        live = nameof(SwapState.Live),
                        swap = nameof(SwapKind.Swap),
                    },
                    transaction);
                connection.Execute("DELETE FROM server_logs WHERE id <= (SELECT max(id) FROM server_logs) - @Kept", new { Kept }, transaction);
            },
            cancellationToken);

    /// <summary>The logs that belong to a job: of the server that it started, and of the one that it stopped. Newest first.</summary>
    public async Task<ImmutableArray<ServerLog>> ReadAsync(SwapJobId job, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.Query<Row>(
                """
                SELECT model_name AS ModelName, started_by AS StartedBy, stopped_by AS StoppedBy, kept_at AS KeptAt, lines AS Lines
                FROM server_logs WHERE started_by = @id OR stopped_by = @id ORDER BY id DESC
                """,
                new { id = job.Value }).ToArray(),
            cancellationToken);
        return [.. rows.Select(row => row.ToLog())];
    }

    private sealed class Row
    {
        public string ModelName { get; init; } = "";

        public string? StartedBy { get; init; }

        public string? StoppedBy { get; init; }

        public long KeptAt { get; init; }

        public string Lines { get; init; } = "";

        public ServerLog ToLog() =>
            new(ModelName, Id(StartedBy), Id(StoppedBy), DateTimeOffset.FromUnixTimeMilliseconds(KeptAt), [.. Lines.Split('\n')]);

        private static SwapJobId? Id(string? text) => text is null ? null : SwapJobId.Parse(text);
    }
}
