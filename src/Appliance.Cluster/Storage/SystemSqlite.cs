using System.Runtime.InteropServices;
using SQLitePCL;

namespace Appliance.Cluster.Storage;

/// <summary>
/// Binds the provider to the SQLite of the system: the distribution patches that one, while a bundled copy stays as old as the package.
/// </summary>
internal static class SystemSqlite
{
    private static readonly Lazy<StoreException?> Bound = new(Bind);

    /// <summary>Binds once per process; throws <see cref="StoreException"/> when there is no SQLite.</summary>
    public static void EnsureBound()
    {
        if (Bound.Value is { } problem)
        {
            throw problem;
        }
    }

    private static StoreException? Bind()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (_, _, _) => NativeLibrary.Load("libsqlite3.so.0"));
        try
        {
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            raw.FreezeProvider();
            return null;
        }
        catch (DllNotFoundException problem)
        {
            return new StoreException(StoreFault.NoLibrary, "SQLite is not installed: libsqlite3.so.0 was not found (Debian: libsqlite3-0).", problem);
        }
    }
}
