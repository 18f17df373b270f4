namespace Appliance.Cluster.Storage;

/// <summary>The ways in which the store can refuse.</summary>
public enum StoreFault
{
    /// <summary>Another process holds the data directory (F-40).</summary>
    InUse,

    /// <summary>A newer version of the appliance wrote the file (F-47).</summary>
    TooNew,

    /// <summary>The file is not what SQLite can read.</summary>
    Broken,

    /// <summary>The folder or file cannot be opened or written (F-28).</summary>
    NotWritable,

    /// <summary>The disk is full (F-26).</summary>
    Full,

    /// <summary>The disk reported an error; what was written last is not certain (F-27).</summary>
    DiskError,

    /// <summary>SQLite itself is not installed.</summary>
    NoLibrary,
}
