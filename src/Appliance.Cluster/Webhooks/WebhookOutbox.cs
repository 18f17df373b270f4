using System.Collections.Immutable;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Webhooks;

/// <summary>The durable messages. Thread-safe; after a message is made, only <see cref="WebhookCourier"/> changes it.</summary>
internal sealed class WebhookOutbox(Database database)
{
    /// <summary>Messages that have ended are kept up to this number: some years of a home.</summary>
    public const int Kept = 1000;

    private const string Columns =
        """
        number AS Number, id AS Id, event AS Event, job_id AS JobId, subject AS Subject, body AS Body, state AS State, attempts AS Attempts, failures AS Failures,
        created_at AS CreatedAt, tried_at AS TriedAt, status AS Status, problem AS Problem, wait AS Wait, waited AS Waited, ended_at AS EndedAt
        """;

    /// <summary>
    /// Writes the one message about a job that has ended, in the transaction that stores the end: neither can be without the other after a kill (I-6). A job
    /// that was told of stays told of.
    /// </summary>
    public static void Write(SqliteConnection connection, SqliteTransaction transaction, SwapJob job) =>
        Insert(connection, transaction, WebhookBody.Of(job));

    /// <summary>Writes a test message.</summary>
    public Task AddAsync(WebhookEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction) => Insert(connection, transaction, entry), cancellationToken);

    /// <summary>Writes what became of a message, and lets go of what is beyond <see cref="Kept"/>.</summary>
    public Task UpdateAsync(WebhookEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction) => Update(connection, transaction, entry), cancellationToken);

    /// <summary>Likewise, in somebody's transaction.</summary>
    public static void Update(SqliteConnection connection, SqliteTransaction transaction, WebhookEntry entry)
    {
        connection.Execute(
            """
            UPDATE webhooks SET state = @State, attempts = @Attempts, failures = @Failures, tried_at = @TriedAt, status = @Status, problem = @Problem,
                wait = @Wait, waited = @Waited, ended_at = @EndedAt
            WHERE id = @Id
            """,
            StoredWebhook.Of(entry),
            transaction);
        connection.Execute(
            "DELETE FROM webhooks WHERE state <> 'Pending' AND number <= (SELECT number FROM webhooks ORDER BY number DESC LIMIT 1 OFFSET @kept)",
            new { kept = Kept },
            transaction);
    }

    /// <summary>What is to be sent, oldest first.</summary>
    public Task<ImmutableArray<WebhookEntry>> ReadPendingAsync(CancellationToken cancellationToken) =>
        ReadAsync("WHERE state = 'Pending' ORDER BY number", new { }, cancellationToken);

    /// <summary>The newest messages, newest first.</summary>
    public Task<ImmutableArray<WebhookEntry>> ReadNewestAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync("ORDER BY number DESC LIMIT @limit", new { limit }, cancellationToken);

    /// <summary>The message, or null.</summary>
    public async Task<WebhookEntry?> FindAsync(WebhookId id, CancellationToken cancellationToken) =>
        (await ReadAsync("WHERE id = @id", new { id = id.Value }, cancellationToken)).FirstOrDefault();

    /// <summary>How many messages are in a state, tests aside.</summary>
    public Task<int> CountAsync(WebhookState state, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingle<int>("SELECT count(*) FROM webhooks WHERE state = @state AND event <> @test", new { state = state.ToString(), test = WebhookBody.Test }), cancellationToken);

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, WebhookEntry entry) => connection.Execute(
        """
        INSERT INTO webhooks (id, event, job_id, subject, body, state, attempts, failures, created_at, wait, waited)
        VALUES (@Id, @Event, @JobId, @Subject, @Body, @State, @Attempts, @Failures, @CreatedAt, @Wait, @Waited)
        ON CONFLICT DO NOTHING
        """,
        StoredWebhook.Of(entry),
        transaction);

    private Task<ImmutableArray<WebhookEntry>> ReadAsync(string where, object parameters, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.Query<StoredWebhook>($"SELECT {Columns} FROM webhooks {where}", parameters).Select(stored => stored.ToEntry()).ToImmutableArray(),
        cancellationToken);
}
