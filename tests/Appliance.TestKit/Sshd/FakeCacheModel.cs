using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Appliance.TestKit.Sshd;

/// <summary>Lays out one model as the Hugging Face hub client does: blobs by content, links to them below a revision, and a ref.</summary>
internal static class FakeCacheModel
{
    public static void Write(string hub, string repo, string config, int shards)
    {
        var folder = Path.Combine(hub, "models--" + repo.Replace("/", "--"));
        var revision = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(repo)).AsSpan(0, 20));
        var snapshot = Directory.CreateDirectory(Path.Combine(folder, "snapshots", revision)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "blobs"));
        Directory.CreateDirectory(Path.Combine(folder, "refs"));
        File.WriteAllText(Path.Combine(folder, "refs", "main"), revision);

        Add("config.json", config);
        var names = Enumerable.Range(1, shards).Select(i => string.Create(CultureInfo.InvariantCulture, $"model-{i:00000}-of-{shards:00000}.safetensors")).ToArray();
        var map = string.Join(',', names.Select((name, i) => $"\"model.layers.{i}.weight\":\"{name}\""));
        Add("model.safetensors.index.json", $"{{\"metadata\":{{\"total_size\":{16 * shards}}},\"weight_map\":{{{map}}}}}");
        foreach (var name in names)
        {
            Add(name, $"weights {name[6..11]}  ");
        }

        void Add(string name, string content)
        {
            var blob = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
            File.WriteAllText(Path.Combine(folder, "blobs", blob), content);
            File.CreateSymbolicLink(Path.Combine(snapshot, name), $"../../blobs/{blob}");
        }
    }
}
