using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Storage;

/// <summary>Brings a file to the newest schema, or refuses it untouched.</summary>
internal static class Schema
{
    /// <summary>
    /// Applies what is missing, each step in its own transaction: a crash leaves a step done or not begun. A file with content is copied before the first
    /// step, to <c>appliance.db.schema-0003</c> (the number is the schema in the copy). Throws <see cref="StoreException"/> for a newer file.
    /// </summary>
    public static void Migrate(SqliteConnection connection, string path, ImmutableArray<Migration> migrations)
    {
        var version = ReadVersion(connection);
        if (version > migrations.Length)
        {
            throw new StoreException(
                StoreFault.TooNew,
                $"The database {path} was written by a newer version of the appliance (schema {version}, this version knows {migrations.Length}). " +
                "Install that version again, or restore the copy that it made beside the file.");
        }

        if (version > 0 && version < migrations.Length)
        {
            Copy(connection, $"{path}.schema-{version:0000}");
        }

        foreach (var migration in migrations.Skip(version))
        {
            Transactions.Run(connection, deferred: false, _ =>
            {
                Execute(connection, migration.Sql);
                Execute(connection, $"PRAGMA user_version = {migration.Number}");
                return migration;
            });
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements of ours; no value comes from outside.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static int ReadVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar());
    }

    private static void Copy(SqliteConnection connection, string target)
    {
        // A copy that a crash left half written must not pass for a whole one: it gets its name when it is whole and on the disk.
        var unfinished = $"{target}.unfinished";
        File.Delete(unfinished);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "VACUUM INTO $target";
            command.Parameters.AddWithValue("$target", unfinished);
            command.ExecuteNonQuery();
        }

        DurableFiles.Flush(unfinished);
        File.Move(unfinished, target, overwrite: true);
        DurableFiles.FlushDirectoryOf(target);
    }
}
