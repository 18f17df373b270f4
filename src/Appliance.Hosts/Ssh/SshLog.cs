namespace Appliance.Hosts.Ssh;

/// <summary>
/// What ssh itself has to say, in a file of its own (<c>-E</c>). On standard error it would be mixed with what the remote command says, and a
/// command that prints "Permission denied" would look like a refused login (reliability.md 0.1 h, l).
/// </summary>
internal static class SshLog
{
    private const int Limit = 16 * 1024;

    /// <summary>The beginning of the file; empty when ssh had nothing to say.</summary>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var reader = new StreamReader(path);
        var text = new char[Limit];
        var count = await reader.ReadBlockAsync(text, cancellationToken);
        return new string(text, 0, count);
    }
}
