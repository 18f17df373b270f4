using Appliance.TestKit.Files;

namespace Appliance.Cluster.Tests.Discovery;

/// <summary>A Hugging Face home on a real disk, in either layout.</summary>
internal sealed class HubFolder : IDisposable
{
    public const string Revision = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();
    private int _etags;

    public string Home => _folder.File("hugging face");

    public string Hub => Path.Combine(Home, "hub");

    public string Model(string repo) => Path.Combine(Hub, $"models--{repo.Replace("/", "--")}");

    public string Snapshot(string repo) => Path.Combine(Model(repo), "snapshots", Revision);

    /// <summary>A whole model: config, index, and shards of 1,000 bytes each.</summary>
    public HubFolder With(string repo, int shards = 3, bool isShared = false, string config = "{\n  \"model_type\": \"x\"\n}\n", bool isIndexOneLine = false)
    {
        Directory.CreateDirectory(Path.Combine(Model(repo), "refs"));
        File.WriteAllText(Path.Combine(Model(repo), "refs", "main"), Revision);
        Add(repo, "config.json", config, isShared);
        if (shards > 1)
        {
            var entries = Enumerable.Range(0, shards * 4).Select(i => $"\"model.layers.{i}.weight\": \"{Shard(1 + (i % shards), shards)}\"");
            var separator = isIndexOneLine ? ", " : ",\n    ";
            Add(repo, "model.safetensors.index.json", $"{{\"metadata\": {{\"total_size\": 1}}, \"weight_map\": {{{string.Join(separator, entries)}}}}}", isShared);
        }

        for (var i = 1; i <= shards; i++)
        {
            Add(repo, shards == 1 ? "model.safetensors" : Shard(i, shards), new string('w', 1000), isShared);
        }

        return this;
    }

    public static string Shard(int number, int total) => $"model-{number:00000}-of-{total:00000}.safetensors";

    public void Add(string repo, string name, string content, bool isShared = false)
    {
        var etag = $"{++_etags:x40}";
        var blob = Path.Combine(Model(repo), "blobs", etag);
        Write(isShared ? Path.Combine(Hub, "blobs", etag[^2..], etag) : blob, content);
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        if (isShared)
        {
            File.CreateSymbolicLink(blob, $"../../blobs/{etag[^2..]}/{etag}");
        }

        var link = Path.Combine(Snapshot(repo), name);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
    }

    /// <summary>Removes what a file of the snapshot leads to: the link dangles.</summary>
    public void Lose(string repo, string name) => File.Delete(new FileInfo(Path.Combine(Snapshot(repo), name)).ResolveLinkTarget(returnFinalTarget: true)!.FullName);

    public static void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Dispose() => _folder.Dispose();
}
