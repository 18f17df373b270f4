using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// The durable record of jobs: what was intended is written before it is done, so that a killed appliance knows where it stood. Thread-safe.
/// </summary>
internal sealed class SwapJournal(Database database)
{
    private const string Columns =
        """
        id AS Id, lane AS Lane, kind AS Kind, state AS State, model AS Model, model_name AS ModelName, served_name AS ServedName, progress AS Progress,
        requested_by AS RequestedBy, note AS Note, epoch AS Epoch, started_at AS StartedAt, ended_at AS EndedAt, from_model AS FromModel, from_name AS FromName,
        rolled_back_to AS RolledBackTo, failure AS Failure, steps AS Steps, remarks AS Remarks, previous_model AS PreviousModel, is_rolling_back AS IsRollingBack,
        is_cancelled AS IsCancelled, launched_at AS LaunchedAt, hosts AS Hosts, image AS Image, idempotency_key AS IdempotencyKey, request AS Request, token_sha256 AS Token
        """;

    /// <summary>Writes where a job stands. When this returns, it survives a power cut.</summary>
    public Task SaveAsync(LaneSwap swap, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction) => Write(connection, transaction, swap), cancellationToken);

    /// <summary>Writes where a job stands, in somebody's transaction.</summary>
    public static void Write(SqliteConnection connection, SqliteTransaction transaction, LaneSwap swap) => connection.Execute(
        """
        INSERT INTO swap_jobs (id, lane, kind, state, model, model_name, served_name, progress, requested_by, note, epoch, started_at, ended_at,
            from_model, from_name, rolled_back_to, failure, steps, remarks, previous_model, is_rolling_back, is_cancelled, launched_at, hosts, image, idempotency_key, request,
            token_sha256)
        VALUES (@Id, @Lane, @Kind, @State, @Model, @ModelName, @ServedName, @Progress, @RequestedBy, @Note, @Epoch, @StartedAt, @EndedAt,
            @FromModel, @FromName, @RolledBackTo, @Failure, @Steps, @Remarks, @PreviousModel, @IsRollingBack, @IsCancelled, @LaunchedAt, @Hosts, @Image, @IdempotencyKey, @Request,
            @Token)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, epoch = excluded.epoch, from_model = excluded.from_model,
            from_name = excluded.from_name, served_name = excluded.served_name, progress = excluded.progress, ended_at = excluded.ended_at,
            rolled_back_to = excluded.rolled_back_to, failure = excluded.failure, steps = excluded.steps, remarks = excluded.remarks, previous_model = excluded.previous_model,
            is_rolling_back = excluded.is_rolling_back, is_cancelled = excluded.is_cancelled, launched_at = excluded.launched_at,
            hosts = excluded.hosts, image = excluded.image
        """,
        StoredSwap.Of(swap),
        transaction);

    /// <summary>Keeps the log of a job that ended, in somebody's transaction.</summary>
    public static void WriteLog(SqliteConnection connection, SqliteTransaction transaction, SwapJobId id, IEnumerable<string> lines) => connection.Execute(
        "INSERT OR REPLACE INTO swap_logs (job_id, lines) VALUES (@id, @lines)",
        new { id = id.Value, lines = string.Join('\n', lines) },
        transaction);

    /// <summary>The job, or null.</summary>
    public async Task<SwapJob?> FindAsync(SwapJobId id, CancellationToken cancellationToken) =>
        (await ReadAsync("WHERE id = @id", new { id = id.Value }, cancellationToken)).FirstOrDefault()?.ToJob();

    /// <summary>The log of a job that ended; empty when there is none.</summary>
    public async Task<ImmutableArray<string>> ReadLogAsync(SwapJobId id, CancellationToken cancellationToken)
    {
        var lines = await database.ReadAsync(
            connection => connection.QueryFirstOrDefault<string>("SELECT lines FROM swap_logs WHERE job_id = @id", new { id = id.Value }),
            cancellationToken);
        return string.IsNullOrEmpty(lines) ? [] : [.. lines.Split('\n')];
    }

    /// <summary>The newest jobs, newest first.</summary>
    public async Task<ImmutableArray<SwapJob>> ReadRecentAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await ReadAsync("ORDER BY epoch DESC LIMIT @limit", new { limit }, cancellationToken)).Select(stored => stored.ToJob())];

    /// <summary>The newest jobs that started a model or stopped it, newest first.</summary>
    public async Task<ImmutableArray<SwapJob>> ReadRecentAsync(ModelId model, int limit, CancellationToken cancellationToken) =>
        [.. (await ReadAsync("WHERE model = @model ORDER BY epoch DESC LIMIT @limit", new { model = model.Value, limit }, cancellationToken)).Select(stored => stored.ToJob())];

    /// <summary>The jobs that had not ended when the appliance did, oldest first.</summary>
    public async Task<ImmutableArray<StoredSwap>> ReadUnfinishedAsync(CancellationToken cancellationToken) =>
        [.. await ReadAsync("WHERE ended_at IS NULL ORDER BY epoch", new { }, cancellationToken)];

    /// <summary>The jobs whose models are still watched since their first answer.</summary>
    public async Task<ImmutableArray<StoredSwap>> ReadSettlingAsync(CancellationToken cancellationToken) =>
        [.. await ReadAsync("WHERE id IN (SELECT job_id FROM settling)", new { }, cancellationToken)];

    /// <summary>The last job of each lane that ended.</summary>
    public async Task<ImmutableArray<SwapJob>> ReadLastPerLaneAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(
            "WHERE epoch IN (SELECT max(epoch) FROM swap_jobs WHERE ended_at IS NOT NULL GROUP BY lane)", new { }, cancellationToken)).Select(stored => stored.ToJob())];

    /// <summary>The request that used a key since <paramref name="since"/>, or null.</summary>
    public async Task<StoredSwap?> FindByKeyAsync(string key, DateTimeOffset since, CancellationToken cancellationToken) =>
        (await ReadAsync(
            "WHERE idempotency_key = @key AND started_at >= @since ORDER BY epoch DESC LIMIT 1",
            new { key, since = since.ToUnixTimeMilliseconds() },
            cancellationToken)).FirstOrDefault();

    /// <summary>The highest epoch that was ever given.</summary>
    public Task<long> ReadEpochAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.QuerySingle<long>("SELECT coalesce(max(epoch), 0) FROM swap_jobs"), cancellationToken);

    /// <summary>
    /// How long a model will take to come up on these hosts, from its last starts there that worked; null until earned. <paramref name="image"/> is what would be
    /// started, null when nobody knows yet. Starts of before hosts were noted count by their lane.
    /// </summary>
    public async Task<LoadEstimate?> FindEstimateAsync(LaneId lane, ModelId model, ImmutableArray<HostId> hosts, string? image, CancellationToken cancellationToken)
    {
        var starts = await database.ReadAsync(
            connection => connection.Query<Start>(
                """
                SELECT ended_at - launched_at AS Milliseconds, image AS Image FROM swap_jobs
                WHERE model = @model AND state = @live AND launched_at IS NOT NULL AND kind = @swap AND (hosts = @hosts OR (hosts IS NULL AND lane = @lane))
                ORDER BY epoch DESC LIMIT 60
                """,
                new { lane = lane.Value, model = model.Value, hosts = StoredSwap.HostWords(hosts), live = nameof(SwapState.Live), swap = nameof(SwapKind.Swap) }).ToArray(),
            cancellationToken);
        return LoadHistory.Estimate([.. starts.Reverse().Select(start => new LoadHistory.Start(TimeSpan.FromMilliseconds(start.Milliseconds), start.Image))], image);
    }

    /// <summary>How long each model took on the hosts on which it was started last; only those that were started.</summary>
    public async Task<ImmutableDictionary<ModelId, LoadEstimate>> ReadEstimatesAsync(CancellationToken cancellationToken)
    {
        var starts = await database.ReadAsync(
            connection => connection.Query<Start>(
                """
                SELECT ended_at - launched_at AS Milliseconds, image AS Image, model AS Model, hosts AS Hosts FROM swap_jobs
                WHERE state = @live AND launched_at IS NOT NULL AND kind = @swap AND model IS NOT NULL ORDER BY epoch
                """,
                new { live = nameof(SwapState.Live), swap = nameof(SwapKind.Swap) }).ToArray(),
            cancellationToken);
        var estimates = ImmutableDictionary.CreateBuilder<ModelId, LoadEstimate>();
        foreach (var model in starts.GroupBy(start => start.Model!, StringComparer.Ordinal))
        {
            var place = model.Last().Hosts;
            var there = model.Where(start => start.Hosts == place).Select(start => new LoadHistory.Start(TimeSpan.FromMilliseconds(start.Milliseconds), start.Image));
            if (ModelId.TryParse(model.Key, out var id) && LoadHistory.Estimate([.. there], image: null) is { } estimate)
            {
                estimates[id] = estimate;
            }
        }

        return estimates.ToImmutable();
    }

    /// <summary>The image of the last start of a model on these hosts that worked; null when there was none, or it is not known.</summary>
    public Task<string?> FindLastImageAsync(ModelId model, ImmutableArray<HostId> hosts, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QueryFirstOrDefault<string>(
            """
            SELECT image FROM swap_jobs
            WHERE model = @model AND state = @live AND launched_at IS NOT NULL AND kind = @swap AND hosts = @hosts ORDER BY epoch DESC LIMIT 1
            """,
            new { model = model.Value, hosts = StoredSwap.HostWords(hosts), live = nameof(SwapState.Live), swap = nameof(SwapKind.Swap) }),
        cancellationToken);

    private Task<StoredSwap[]> ReadAsync(string where, object parameters, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.Query<StoredSwap>($"SELECT {Columns} FROM swap_jobs {where}", parameters).ToArray(), cancellationToken);

    private sealed class Start
    {
        public long Milliseconds { get; init; }

        public string? Image { get; init; }

        public string? Model { get; init; }

        public string? Hosts { get; init; }
    }
}
