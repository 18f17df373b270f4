using System.Text;

namespace Appliance.Cluster.Storage;

/// <summary>
/// "This data directory is mine", held by the kernel until the process ends, however it ends: a file that is left over is not a lock (F-40).
/// Dispose it to let go.
/// </summary>
public sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Takes the directory; throws <see cref="StoreException"/> when another process (or another part of this one) holds it.</summary>
    public static InstanceLock Take(DataDirectory data)
    {
        var path = Path.Combine(data.Path, "instance.lock");
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Unix.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            file.Flush();
            return new InstanceLock(file);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new StoreException(
                StoreFault.NotWritable,
                $"The data directory {data.Path} cannot be written. Check that it exists, is not read-only and belongs to the user of the appliance.",
                problem);
        }
        catch (IOException problem) when (problem.HResult == WouldBlock)
        {
            throw new StoreException(StoreFault.InUse, "Another appliance already uses this data directory.", problem);
        }
        catch (IOException problem)
        {
            throw new StoreException(StoreFault.NotWritable, $"The data directory {data.Path} cannot be written: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of flock(2) on Linux, as FileStream reports it.
    private const int WouldBlock = 11;
}
