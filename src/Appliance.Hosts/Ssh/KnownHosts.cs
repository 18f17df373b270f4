using System.Collections.Immutable;

namespace Appliance.Hosts.Ssh;

/// <summary>The file of confirmed host keys. OpenSSH reads it too, so it keeps OpenSSH's format. Thread-safe; one per process.</summary>
internal sealed class KnownHosts(string path) : IDisposable
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The keys that are pinned under that name. Hashed names are not looked at: we never write them.</summary>
    public async Task<ImmutableArray<HostKey>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var lines = await ReadLinesAsync(cancellationToken);
        return [.. lines.Select(line => Parse(line, name)).OfType<HostKey>()];
    }

    /// <summary>Pins a key in place of all that were pinned under that name.</summary>
    public async Task PinAsync(string name, HostKey key, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var others = (await ReadLinesAsync(cancellationToken)).Where(line => Parse(line, name) is null);
            await ReplaceAsync([.. others, $"{name} {key.Type} {key.Blob}"], cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads a line; null for comments, markers such as <c>@revoked</c>, and other names.</summary>
    public static HostKey? Parse(string line, string name)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [var names, var type, var blob, ..]
            && names.Split(',').Contains(name, StringComparer.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(blob, new byte[blob.Length], out _)
                ? new HostKey(type, blob)
                : null;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<string[]> ReadLinesAsync(CancellationToken cancellationToken) =>
        File.Exists(path) ? await File.ReadAllLinesAsync(path, cancellationToken) : [];

    private async Task ReplaceAsync(string[] lines, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerReadsAndWrites | UnixFileMode.UserExecute);
        var next = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerReadsAndWrites,
        };
        await using (var stream = new FileStream(next, options))
        {
            await using var writer = new StreamWriter(stream);
            foreach (var line in lines)
            {
                await writer.WriteAsync($"{line}\n".AsMemory(), cancellationToken);
            }

            await writer.FlushAsync(cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
