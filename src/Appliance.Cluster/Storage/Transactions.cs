using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Appliance.Cluster.Storage;

/// <summary>Runs work in a transaction in a way that keeps the first error: after a full disk SQLite rolls back by itself, which SqliteTransaction does not know.</summary>
internal static class Transactions
{
    /// <summary>Commits what <paramref name="work"/> did, or rolls it back and throws what it threw.</summary>
    public static T Run<T>(SqliteConnection connection, bool deferred, Func<SqliteTransaction, T> work)
    {
        // Not disposed after a failure: disposing rolls back once more, and would throw in the place of the first error.
        var transaction = connection.BeginTransaction(deferred);
        try
        {
            var answer = work(transaction);
            transaction.Commit();
            transaction.Dispose();
            return answer;
        }
        catch
        {
            RollBack(connection, transaction);
            throw;
        }
    }

    /// <summary>Closes a connection that nobody will use again, whatever state it is in.</summary>
    public static void Discard(SqliteConnection? connection)
    {
        try
        {
            connection?.Dispose();
        }
        catch (SqliteException)
        {
            // A disk that refuses even this was the reason to discard it; that error is on its way to the caller, and this one adds nothing.
        }
    }

    private static void RollBack(SqliteConnection connection, SqliteTransaction transaction)
    {
        try
        {
            // Without a transaction its ROLLBACK would fail with "no transaction is active", in the place of "the disk is full". Sent past SqliteCommand,
            // which refuses to work in a transaction that it believes to be over.
            if (IsRolledBack(connection))
            {
                _ = raw.sqlite3_exec(connection.Handle, "BEGIN");
            }

            transaction.Rollback();
            if (!IsRolledBack(connection))
            {
                _ = raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            }
        }
        catch (Exception problem) when (problem is SqliteException or InvalidOperationException)
        {
            // The disk refuses this too, or the transaction knows that it has ended: the first error is the one to tell, and whatever is half written is
            // taken back when the file is opened next.
        }
    }

    private static bool IsRolledBack(SqliteConnection connection) => raw.sqlite3_get_autocommit(connection.Handle) != 0;
}
