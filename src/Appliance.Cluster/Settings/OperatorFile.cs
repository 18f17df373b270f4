namespace Appliance.Cluster.Settings;

/// <summary>
/// A file that a person edits and that may be absent. It is only read, never written: a bad edit stays for the person to mend, and the last good copy
/// (<c>{name}.last-good</c> beside it) carries what was in force over a restart (fault F-29). Not thread-safe: one reader.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class OperatorFile(string path)
{
    private (DateTime Written, long Length)? _stamp;
    private bool _wasRead;

    /// <summary>Whether the file changed (or vanished) since it was last taken; true for the first time.</summary>
    public bool TryTakeChange(out YamlReading? content)
    {
        content = null;
        var file = new FileInfo(path);
        (DateTime, long)? stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
        if (_wasRead && stamp == _stamp)
        {
            return false;
        }

        content = stamp is null ? null : Read(path);
        _stamp = stamp;
        _wasRead = true;
        return true;
    }

    /// <summary>The last content that <see cref="KeepAsGood"/> was called for; null without one.</summary>
    public YamlReading? FindLastGood() => File.Exists(LastGood) ? Read(LastGood) : null;

    /// <summary>Remembers the present content as good. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the folder is not writable.</summary>
    public void KeepAsGood()
    {
        var temporary = LastGood + ".new";
        File.Copy(path, temporary, overwrite: true);
        File.Move(temporary, LastGood, overwrite: true);
    }

    private string LastGood => path + ".last-good";

    private static YamlReading Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[GuardedYaml.MaxBytes + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return GuardedYaml.Read(bytes.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new YamlReading(null, [YamlPlace.Start.Say($"the file cannot be read ({e.Message.TrimEnd('.')}).")]);
        }
    }
}
