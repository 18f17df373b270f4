using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Storage;

/// <summary>The store refused. The message is one or two sentences for a person: it may be printed as it is.</summary>
public sealed class StoreException : Exception
{
    // Primary result codes, https://sqlite.org/rescode.html
    private const int Perm = 3;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int DiskFull = 13;
    private const int CantOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>A refusal with its sentence.</summary>
    public StoreException(StoreFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>What kind of refusal.</summary>
    public StoreFault Fault { get; }

    /// <summary>Whether it is about the file or the disk. A mistake in a statement is not, and stays what it is.</summary>
    internal static bool IsOfTheStore(SqliteException problem) =>
        problem.SqliteErrorCode is Perm or ReadOnly or IoError or Corrupt or DiskFull or CantOpen or NotADatabase;

    /// <summary>The sentence for an error that <see cref="IsOfTheStore"/>.</summary>
    internal static StoreException Of(SqliteException problem, string path) => problem.SqliteErrorCode switch
    {
        DiskFull => new StoreException(StoreFault.Full, "The disk that holds the appliance's data is full. Nothing was written.", problem),
        IoError => new StoreException(
            StoreFault.DiskError, "The disk that holds the appliance's data reported an error. What was written last is not certain.", problem),
        Corrupt or NotADatabase => new StoreException(
            StoreFault.Broken, $"The database {path} is damaged. Restore a backup, or move the file away to start empty.", problem),
        _ => new StoreException(
            StoreFault.NotWritable,
            $"The database {path} cannot be written. Check that its folder exists, is not read-only and belongs to the user of the appliance.",
            problem),
    };
}
