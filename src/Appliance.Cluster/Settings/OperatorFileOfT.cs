namespace Appliance.Cluster.Settings;

/// <summary>
/// A file that a person edits and that may be absent. A bad edit stays for the person to mend, and the last good copy (<c>{name}.last-good</c> beside it)
/// carries what was in force over a restart (fault F-29). Not thread-safe: one reader.
/// </summary>
/// <typeparam name="TReading">What its content is read into, problems included.</typeparam>
/// <param name="path">The file.</param>
/// <param name="maxBytes">The largest content that <paramref name="read"/> takes; of a longer one it gets a byte more, to refuse it.</param>
/// <param name="read">Reads a content; never throws.</param>
/// <param name="refuse">The reading of a file that cannot be opened, from a sentence.</param>
internal sealed class OperatorFile<TReading>(string path, int maxBytes, Func<ReadOnlyMemory<byte>, TReading> read, Func<string, TReading> refuse)
    where TReading : class
{
    private (DateTime Written, long Length)? _stamp;
    private bool _wasRead;

    /// <summary>The file itself.</summary>
    public string Path => path;

    /// <summary>Whether the file changed (or vanished) since it was last taken; true for the first time.</summary>
    public bool TryTakeChange(out TReading? content)
    {
        var isNew = !_wasRead || Look() != _stamp;
        content = isNew ? Take() : null;
        return isNew;
    }

    /// <summary>
    /// The content, changed or not; null when there is no file. For who has written it: a second write within a tick of the file system's clock has the same
    /// time stamp.
    /// </summary>
    public TReading? Take()
    {
        _stamp = Look();
        _wasRead = true;
        return _stamp is null ? null : Read(path);
    }

    /// <summary>The last content that <see cref="KeepAsGood"/> was called for; null without one.</summary>
    public TReading? FindLastGood() => File.Exists(LastGood) ? Read(LastGood) : null;

    /// <summary>
    /// Remembers the present content as good, with the same mode. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the folder
    /// is not writable.
    /// </summary>
    public void KeepAsGood()
    {
        var temporary = LastGood + ".new";
        File.Copy(path, temporary, overwrite: true);
        File.Move(temporary, LastGood, overwrite: true);
    }

    private (DateTime Written, long Length)? Look()
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
    }

    private string LastGood => path + ".last-good";

    private TReading Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[maxBytes + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read(bytes.AsMemory(0, count));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return refuse($"the file cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }
}
