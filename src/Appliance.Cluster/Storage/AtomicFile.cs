namespace Appliance.Cluster.Storage;

/// <summary>Writes a file that a person also edits: after a crash or a power cut there is the old content or the new one, never a part.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Replaces the content: temporary file in the same folder, fsync, rename, fsync of the folder. When this returns, the new content survives a power
    /// cut. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> and then leaves the old content; the temporary file is removed.
    /// New files get mode 0600; an existing file keeps its mode. One writer per file at a time is the caller's business: the last rename wins.
    /// </summary>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var mode = File.Exists(path) ? File.GetUnixFileMode(path) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            var stream = new FileStream(temporary, options);
            await using (stream)
            {
                await stream.WriteAsync(content, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
                RandomAccess.FlushToDisk(stream.SafeFileHandle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DurableFiles.FlushDirectoryOf(path);
    }

    /// <summary>Removes what a kill in the middle of a write left beside the file. Only while nobody writes it.</summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var leftover in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, $"{Path.GetFileName(path)}.*.tmp"))
        {
            File.Delete(leftover);
        }
    }
}
