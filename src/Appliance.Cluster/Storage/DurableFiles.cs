using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Appliance.Cluster.Storage;

/// <summary>What .NET has no call for: a name that survives a power cut (reliability.md 0.1 s).</summary>
internal static class DurableFiles
{
    private const int OpenReadOnly = 0;
    private const int OpenCloseOnExec = 0x80000;

    /// <summary>fsync of a file's content.</summary>
    public static void Flush(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>fsync of the folder that holds a file: only then a rename is on the disk. Throws <see cref="IOException"/>.</summary>
    public static void FlushDirectoryOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var descriptor = Open(folder, OpenReadOnly | OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"The folder {folder} could not be flushed to the disk: {cause.Message}.", cause);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
