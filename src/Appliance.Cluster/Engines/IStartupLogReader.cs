namespace Appliance.Cluster.Engines;

/// <summary>Follows one start-up log line by line. Not thread-safe: one reader per start.</summary>
public interface IStartupLogReader
{
    /// <summary>Where the start is; never goes back.</summary>
    StartupProgress Progress { get; }

    /// <summary>
    /// Takes a raw line (colour codes, carriage returns and prefixes of several processes are expected) and answers whether <see cref="Progress"/> changed.
    /// </summary>
    bool Read(string line);
}
