using System.Collections.Immutable;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Appliance.TestKit.Time;
using Dapper;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Storage;

public sealed class DatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("appliance.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Database_runs_on_the_systems_sqlite_with_a_durable_journal()
    {
        await using var database = await Database.OpenAsync(File, CancellationToken.None);

        var settings = await database.WriteAsync(
            (connection, _) => (
                connection.ExecuteScalar<string>("PRAGMA journal_mode"),
                connection.ExecuteScalar<int>("PRAGMA synchronous"),
                connection.ExecuteScalar<int>("PRAGMA foreign_keys"),
                connection.ExecuteScalar<int>("PRAGMA user_version")),
            CancellationToken.None);

        settings.ShouldBe(("wal", 2, 1, Migration.Embedded.Length));
        (System.IO.File.GetUnixFileMode(File) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
    }

    [Fact]
    public void Embedded_migrations_are_numbered_from_one_without_gaps() =>
        Migration.Embedded.Select(migration => migration.Number).ShouldBe(Enumerable.Range(1, Migration.Embedded.Length));

    [Fact]
    public async Task Write_that_throws_leaves_nothing_behind()
    {
        await using var database = OpenNumbers();

        await Should.ThrowAsync<InvalidOperationException>(database.WriteAsync(
            (connection, _) =>
            {
                connection.Execute("INSERT INTO numbers VALUES (1)");
                throw new InvalidOperationException("the caller's own problem");
            },
            CancellationToken.None));

        (await CountAsync(database)).ShouldBe(0);
    }

    [Fact]
    public async Task Write_with_a_wrong_statement_keeps_its_own_exception_and_the_database_goes_on()
    {
        await using var database = OpenNumbers();

        await Should.ThrowAsync<SqliteException>(database.WriteAsync((connection, _) => connection.Execute("INSERT INTO nowhere VALUES (1)"), CancellationToken.None));
        await AddAsync(database, 1);

        (await CountAsync(database)).ShouldBe(1);
    }

    [Fact]
    public async Task Statement_after_which_sqlite_rolls_back_by_itself_keeps_its_own_error_and_the_database_goes_on()
    {
        await using var database = OpenNumbers();

        var problem = await Should.ThrowAsync<SqliteException>(database.WriteAsync(
            (connection, _) => connection.Execute("INSERT INTO numbers VALUES (1); INSERT OR ROLLBACK INTO numbers VALUES (NULL)"), CancellationToken.None));
        await AddAsync(database, 2);

        problem.Message.ShouldContain("NOT NULL");
        (await CountAsync(database)).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_writers_and_readers_all_succeed_and_readers_see_whole_transactions()
    {
        await using var database = OpenNumbers();

        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                var first = (writer * 100) + (i * 2);
                await database.WriteAsync((connection, _) => connection.Execute("INSERT INTO numbers VALUES (@first), (@first + 1)", new { first }), CancellationToken.None);
            }
        })).ToArray();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!writers.All(writer => writer.IsCompleted))
            {
                var (before, after) = await database.ReadAsync(
                    connection => (
                        connection.ExecuteScalar<int>("SELECT count(*) FROM numbers"),
                        connection.ExecuteScalar<int>("SELECT count(*) FROM numbers")),
                    CancellationToken.None);
                (before % 2).ShouldBe(0);
                after.ShouldBe(before);
            }
        })).ToArray();

        await Task.WhenAll([.. writers, .. readers]).DefaultTimeout();
        (await CountAsync(database)).ShouldBe(160);
    }

    [Fact]
    public async Task Reading_refuses_to_write()
    {
        await using var database = OpenNumbers();

        await Should.ThrowAsync<Exception>(database.ReadAsync(connection => connection.Execute("INSERT INTO numbers VALUES (1)"), CancellationToken.None));

        (await CountAsync(database)).ShouldBe(0);
    }

    [Fact]
    public async Task Write_waiting_for_another_can_be_cancelled()
    {
        await using var database = OpenNumbers();
        using var isWriting = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        var slow = database.WriteAsync(
            (_, _) =>
            {
                isWriting.Set();
                mayGoOn.Wait();
            },
            CancellationToken.None);
        isWriting.Wait();
        using var cancelled = new CancellationTokenSource();
        var waiting = database.WriteAsync((connection, _) => connection.Execute("INSERT INTO numbers VALUES (1)"), cancelled.Token);

        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.DefaultTimeout());
        mayGoOn.Set();
        await slow.DefaultTimeout();

        (await CountAsync(database)).ShouldBe(0);
    }

    [Fact]
    public async Task File_copied_from_under_a_running_writer_opens_with_everything_that_was_acknowledged()
    {
        // What a power cut leaves: the file and its log as they are, nobody has closed anything.
        using var afterwards = new TemporaryFolder();
        await using var database = OpenNumbers();
        for (var i = 0; i < 25; i++)
        {
            await AddAsync(database, i);
        }

        System.IO.File.Copy(File, afterwards.File("appliance.db"));
        System.IO.File.Copy(File + "-wal", afterwards.File("appliance.db-wal"));

        await using var reopened = Database.Open(afterwards.File("appliance.db"), Numbers);
        (await CountAsync(reopened)).ShouldBe(25);
    }

    [Fact]
    public async Task Log_torn_in_its_last_entry_opens_with_the_entries_before()
    {
        using var afterwards = new TemporaryFolder();
        await using var database = OpenNumbers();
        await AddAsync(database, 1);
        var whole = new FileInfo(File + "-wal").Length;
        await AddAsync(database, 2);

        System.IO.File.Copy(File, afterwards.File("appliance.db"));
        System.IO.File.Copy(File + "-wal", afterwards.File("appliance.db-wal"));
        await using (var log = System.IO.File.Open(afterwards.File("appliance.db-wal"), FileMode.Open))
        {
            log.SetLength(whole + 100);
        }

        await using var reopened = Database.Open(afterwards.File("appliance.db"), Numbers);
        (await CountAsync(reopened)).ShouldBe(1);
    }

    [Fact]
    public async Task Full_disk_is_one_sentence_and_the_old_content_stays_and_writing_works_again_afterwards()
    {
        await using var database = OpenNumbers();
        await AddAsync(database, 1);

        // SQLite's own way to have no more room; the limit is the connection's, and goes with it.
        var refusal = await Should.ThrowAsync<StoreException>(database.WriteAsync(
            (connection, _) =>
            {
                connection.Execute("PRAGMA max_page_count = 3");
                for (var i = 0; i < 10_000; i++)
                {
                    connection.Execute("INSERT INTO numbers VALUES (@i)", new { i });
                }
            },
            CancellationToken.None));

        refusal.Fault.ShouldBe(StoreFault.Full);
        refusal.Message.ShouldContain("full");
        (await CountAsync(database)).ShouldBe(1);
        await AddAsync(database, 2);
        (await CountAsync(database)).ShouldBe(2);
    }

    private static readonly ImmutableArray<Migration> Numbers = [new(1, "0001-numbers.sql", "CREATE TABLE numbers (number INTEGER NOT NULL) STRICT")];

    private Database OpenNumbers() => Database.Open(File, Numbers);

    private static Task AddAsync(Database database, int number) =>
        database.WriteAsync((connection, _) => connection.Execute("INSERT INTO numbers VALUES (@number)", new { number }), CancellationToken.None);

    private static Task<int> CountAsync(Database database) =>
        database.ReadAsync(connection => connection.ExecuteScalar<int>("SELECT count(*) FROM numbers"), CancellationToken.None);
}
