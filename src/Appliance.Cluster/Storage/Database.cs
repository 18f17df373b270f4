using System.Collections.Concurrent;
using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Storage;

/// <summary>
/// The one SQLite file: WAL, <c>synchronous=FULL</c>, foreign keys. Writes run one at a time on one connection: SQLite has one writer anyway, and waiting
/// for a semaphore keeps order, can be cancelled, and needs no loop that could die. Reads run beside it, at most <see cref="Readers"/> at a time, each on a
/// snapshot of its own. Thread-safe.
/// </summary>
public sealed class Database : IDisposable, IAsyncDisposable
{
    private const int Readers = 4;
    private const int IoError = 10;

    private readonly string _path;
    private readonly TaskScheduler _scheduler;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _reading = new(Readers);
    private readonly ConcurrentBag<SqliteConnection> _idleReaders = [];
    private SqliteConnection? _writer;
    private bool _isSuspect;
    private bool _isDisposed;

    private Database(string path, SqliteConnection writer, TaskScheduler scheduler)
    {
        _path = path;
        _scheduler = scheduler;
        _writer = writer;
    }

    /// <summary>
    /// Opens or creates the file and brings its schema up to date. Throws <see cref="StoreException"/>, whose message is a sentence for a person, when the
    /// file is newer than we are, damaged, or cannot be written; a newer file is left untouched.
    /// </summary>
    public static Task<Database> OpenAsync(string path, CancellationToken cancellationToken) => Task.Run(() => Open(path), cancellationToken);

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction. When this returns, what it wrote survives a power cut; when it throws, nothing was written.
    /// Cancellation counts until the work begins. Throws <see cref="StoreException"/> when the disk refuses. The work is short and calls nothing of
    /// <see cref="Database"/>: it would wait for itself.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> work, CancellationToken cancellationToken)
    {
        await _writing.EnterAsync(cancellationToken);
        try
        {
            return await _scheduler.RunAsync(() => Write(work));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Like the other one, for work without an answer.</summary>
    public Task WriteAsync(Action<SqliteConnection, SqliteTransaction> work, CancellationToken cancellationToken) =>
        WriteAsync(
            (connection, transaction) =>
            {
                work(connection, transaction);
                return true;
            },
            cancellationToken);

    /// <summary>Runs <paramref name="work"/> on a read-only snapshot of what was written before the call.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _reading.EnterAsync(cancellationToken);
        try
        {
            return await _scheduler.RunAsync(() => Read(work));
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _writing.Wait();
        for (var i = 0; i < Readers; i++)
        {
            _reading.Wait();
        }

        Close();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _writing.WaitAsync();
        for (var i = 0; i < Readers; i++)
        {
            await _reading.WaitAsync();
        }

        Close();
    }

    internal static Database Open(string path) => Open(path, Migration.Embedded);

    /// <summary>As the other one; <paramref name="scheduler"/> is where the blocking work of reads and writes runs.</summary>
    internal static Database Open(string path, TaskScheduler scheduler) => Open(path, Migration.Embedded, scheduler);

    internal static Database Open(string path, ImmutableArray<Migration> migrations, TaskScheduler? scheduler = null)
    {
        SystemSqlite.EnsureBound();
        SqliteConnection? connection = null;
        try
        {
            CreatePrivate(path);
            connection = Connect(path);
            Schema.Migrate(connection, path, migrations);
            return new Database(path, connection, scheduler ?? TaskScheduler.Default);
        }
        catch (SqliteException problem) when (StoreException.IsOfTheStore(problem))
        {
            Transactions.Discard(connection);
            throw StoreException.Of(problem, path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Transactions.Discard(connection);
            throw new StoreException(StoreFault.NotWritable, $"The database {path} cannot be opened: {problem.Message}", problem);
        }
        catch
        {
            Transactions.Discard(connection);
            throw;
        }
    }

    private static void CreatePrivate(string path)
    {
        if (File.Exists(path))
        {
            // Opening it here would, on closing, let go of every lock that SQLite holds on it in this process (POSIX locks belong to the process).
            return;
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        new FileStream(path, options).Dispose();
    }

    private static SqliteConnection Connect(string path)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            Schema.Execute(
                connection,
                """
                PRAGMA busy_timeout = 5000;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA foreign_keys = ON;
                PRAGMA journal_size_limit = 67108864;
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            var connection = _writer ??= Reconnect();
            return Transactions.Run(connection, deferred: false, transaction => work(connection, transaction));
        }
        catch (SqliteException problem) when (StoreException.IsOfTheStore(problem))
        {
            // After an error of the disk the kernel may report the same page as clean (fsyncgate): trust nothing of this connection.
            _isSuspect |= problem.SqliteErrorCode == IoError;
            Transactions.Discard(_writer);
            _writer = null;
            throw StoreException.Of(problem, _path);
        }
    }

    private SqliteConnection Reconnect()
    {
        var connection = Connect(_path);
        if (_isSuspect && CheckQuickly(connection) is { } damage)
        {
            connection.Dispose();
            throw new StoreException(StoreFault.Broken, $"The database {_path} is damaged ({damage}). Restore a backup, or move the file away to start empty.");
        }

        _isSuspect = false;
        return connection;
    }

    private static string? CheckQuickly(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        return command.ExecuteScalar() as string is { } answer && answer != "ok" ? answer : null;
    }

    private T Read<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        SqliteConnection? connection = null;
        try
        {
            connection = _idleReaders.TryTake(out var idle) ? idle : ConnectReader();
            var reader = connection;
            var answer = Transactions.Run(reader, deferred: true, _ => work(reader));
            _idleReaders.Add(connection);
            return answer;
        }
        catch (SqliteException problem) when (StoreException.IsOfTheStore(problem))
        {
            Transactions.Discard(connection);
            throw StoreException.Of(problem, _path);
        }
        catch
        {
            Transactions.Discard(connection);
            throw;
        }
    }

    private SqliteConnection ConnectReader()
    {
        var connection = Connect(_path);
        Schema.Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    private void Close()
    {
        while (_idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }

        // The last connection to close empties the write-ahead log into the file. What was acknowledged is on the disk in either of the two.
        Transactions.Discard(_writer);
        _writing.Dispose();
        _reading.Dispose();
    }
}
