using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Appliance.TestKit.Files;

namespace Appliance.TestKit.Sshd;

/// <summary>
/// An account on a Spark, behind a real sshd: docker, nvidia-smi, ibdev2netdev and the launcher are stand-ins (tests/data/fake-spark), the shell,
/// the files and the model server are real. Model servers listen on loopback and end with the rig.
/// </summary>
public sealed class FakeSpark : IAsyncDisposable
{
    private const string Llama = """{"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,"max_position_embeddings":131072,"torch_dtype":"bfloat16"}""";

    private const string QwenVision = """{"architectures":["Qwen3VLForConditionalGeneration"],"model_type":"qwen3_vl","text_config":{"hidden_size":4096,"num_hidden_layers":36,"num_attention_heads":32,"num_key_value_heads":8,"max_position_embeddings":262144},"vision_config":{"hidden_size":1152},"torch_dtype":"bfloat16"}""";

    private readonly TemporaryFolder _folder;

    private FakeSpark(TemporaryFolder folder, SshdFixture sshd) => (_folder, Sshd) = (folder, sshd);

    public SshdFixture Sshd { get; }

    /// <summary>The login's home: <c>spark-vllm-docker</c> and <c>.cache/huggingface</c> are below it.</summary>
    public string Home => Sshd.Home;

    /// <summary>The two models that are in the cache from the start.</summary>
    public static ImmutableArray<RepoId> Models { get; } = [RepoId.Parse("example-org/Small-8B-Instruct"), RepoId.Parse("example-org/Vision-8B")];

    private string State => _folder.File("state");

    public static async Task<FakeSpark> StartAsync(SshdSetup? setup = null)
    {
        var folder = new TemporaryFolder();
        var source = Path.Combine(AppContext.BaseDirectory, "fake-spark");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var state = Directory.CreateDirectory(folder.File("state")).FullName;
        await File.WriteAllTextAsync(Path.Combine(state, "images"), "vllm-node\n");

        setup ??= new SshdSetup();
        var environment = setup.Environment.AddRange(new Dictionary<string, string>
        {
            ["PATH"] = $"{CopyPrograms(Path.Combine(source, "bin"), folder.File("bin"))}:/usr/local/bin:/usr/bin:/bin",
            ["FAKE_SPARK_STATE"] = state,
            ["FAKE_SPARK_INSIDE"] = CopyPrograms(Path.Combine(source, "container"), folder.File("container")),
            ["FAKE_SPARK_DOTNET"] = dotnet,
            ["FAKE_SPARK_SERVER"] = Path.Combine(AppContext.BaseDirectory, "Appliance.TestKit.dll"),
        });
        var spark = new FakeSpark(folder, await SshdFixture.StartAsync(setup with { Environment = environment }));
        spark.LayOutHome(Path.Combine(source, "launch-cluster.sh"));
        return spark;
    }

    public HostDefinition Describe(HostId id, string name = "Spark 1") => Sshd.Describe(id, name);

    /// <summary>A port of this machine that nothing listens on, for a model server.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Adds a model to the Hugging Face cache, complete unless shards are removed afterwards.</summary>
    public void AddModel(RepoId repo, string config, int shards = 2) =>
        FakeCacheModel.Write(Path.Combine(Home, ".cache", "huggingface", "hub"), repo.ToString(), config, shards);

    /// <summary>The words, beginning with <c>vllm serve</c>, that the last served process received; null while none was started.</summary>
    public ImmutableArray<string>? FindReceivedWords()
    {
        var file = Path.Combine(State, "received-argv");
        return File.Exists(file) ? SplitAtNul(File.ReadAllBytes(file)) : null;
    }

    /// <summary>Every call of docker so far, the launcher's among them: its words without <c>docker</c>.</summary>
    public ImmutableArray<ImmutableArray<string>> ReadDockerCalls()
    {
        var file = Path.Combine(State, "docker-calls");
        var words = File.Exists(file) ? SplitAtNul(File.ReadAllBytes(file)) : [];
        var calls = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        for (var at = 0; at < words.Length;)
        {
            var count = int.Parse(words[at], CultureInfo.InvariantCulture);
            calls.Add(words.Slice(at + 1, count));
            at += 1 + count;
        }

        return calls.ToImmutable();
    }

    /// <summary>Puts another launcher in its place: the name of a file in tests/data/launchers, without its extension.</summary>
    public void UseLauncher(string name)
    {
        var launchers = Path.Combine(AppContext.BaseDirectory, "launchers");
        var folder = Path.Combine(Home, "spark-vllm-docker");
        CopyProgram(Path.Combine(launchers, $"{name}.sh"), Path.Combine(folder, "launch-cluster.sh"));
        CopyProgram(Path.Combine(launchers, "autodiscover.sh"), Path.Combine(folder, "autodiscover.sh"));
    }

    /// <summary>From now on the launcher notes when it begins.</summary>
    public async Task StampLaunchesAsync()
    {
        var launcher = Path.Combine(Home, "spark-vllm-docker", "launch-cluster.sh");
        var lines = await File.ReadAllLinesAsync(launcher);
        const string stamp = """case " $* " in *" exec "*) date +%s%N >"$FAKE_SPARK_STATE/launched.new" && mv "$FAKE_SPARK_STATE/launched.new" "$FAKE_SPARK_STATE/launched-at" ;; esac""";
        await File.WriteAllLinesAsync(launcher, [lines[0], stamp, .. lines[1..]]);
    }

    /// <summary>When the launcher last began to start something, after <see cref="StampLaunchesAsync"/>.</summary>
    public DateTimeOffset ReadLaunchStamp() => ReadStamp("launched-at");

    /// <summary>When the last server generated its first token.</summary>
    public DateTimeOffset ReadFirstTokenStamp() => ReadStamp("first-token-at");

    /// <summary>From now on vLLM prints this and dies; null lets it live again. The container stays up, as a real one does.</summary>
    public void LetServerDie(string? log) => Switch("vllm-dies", log);

    /// <summary>From now on docker starts no container, with this reason; null lets it start them again.</summary>
    public void LetDockerRefuse(string? reason) => Switch("run-refused", reason);

    /// <summary>Writes the launcher's .env file.</summary>
    public void WriteLauncherSettings(string text) => File.WriteAllText(Path.Combine(Home, "spark-vllm-docker", ".env"), text);

    /// <summary>From now on docker has no image of that name.</summary>
    public void RemoveImages() => File.WriteAllText(Path.Combine(State, "images"), "");

    /// <summary>Whether the docker daemon answers.</summary>
    public void SetDockerDown(bool isDown) => Switch("docker-is-down", isDown ? "" : null);

    /// <summary>How many model servers run.</summary>
    public int CountServers() => Directory.Exists(Path.Combine(State, "containers"))
        ? Directory.GetDirectories(Path.Combine(State, "containers")).SelectMany(path => ProcessesIn(Path.GetFileName(path))).Count(pid => ProcessTree.ReadName(pid) == "vllm")
        : 0;

    /// <summary>Ends the processes of a container behind docker's back, as an out-of-memory kill does.</summary>
    public void KillServer(string container = "vllm_node") => ProcessTree.Signal("KILL", ProcessesIn(container).Where(pid => ProcessTree.ReadName(pid) != "sleep"));

    /// <summary>Ends the commands that run apart from their connections, without a chance to note their exit codes.</summary>
    public void KillRuns() => ProcessTree.Signal("KILL", ProcessTree.FindGroups(Path.Combine(Home, ".local/state/appliance/")).Select(pid => -pid));

    public async ValueTask DisposeAsync()
    {
        await Sshd.StopAsync();
        KillRuns();
        var containers = Path.Combine(State, "containers");
        ProcessTree.Signal("KILL", Directory.Exists(containers) ? Directory.GetDirectories(containers).SelectMany(path => ProcessesIn(Path.GetFileName(path))) : []);
        await Sshd.DisposeAsync();
        _folder.Dispose();
    }

    private static string CopyPrograms(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            CopyProgram(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    private static void CopyProgram(string from, string to)
    {
        File.Copy(from, to, overwrite: true);
        File.SetUnixFileMode(to, File.GetUnixFileMode(to) | UnixFileMode.UserExecute);
    }

    private static ImmutableArray<string> SplitAtNul(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Length == 0 ? [] : [.. text[..^1].Split('\0')];
    }

    private void LayOutHome(string launcher)
    {
        var launch = Directory.CreateDirectory(Path.Combine(Home, "spark-vllm-docker")).FullName;
        CopyProgram(launcher, Path.Combine(launch, "launch-cluster.sh"));
        AddModel(Models[0], Llama);
        AddModel(Models[1], QwenVision, shards: 3);
    }

    private IEnumerable<int> ProcessesIn(string container) => ProcessesWith($"FAKE_SPARK_CONTAINER={Path.Combine(State, "containers", container)}");

    private static IEnumerable<int> ProcessesWith(string variable)
    {
        var mark = $"\0{variable}\0";
        foreach (var folder in Directory.GetDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
        {
            string environment;
            try
            {
                environment = "\0" + File.ReadAllText(Path.Combine(folder, "environ"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or not ours.
                continue;
            }

            if (environment.Contains(mark, StringComparison.Ordinal))
            {
                yield return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            }
        }
    }

    private DateTimeOffset ReadStamp(string name) =>
        DateTimeOffset.UnixEpoch.AddTicks(long.Parse(File.ReadAllText(Path.Combine(State, name)), CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);

    private void Switch(string name, string? content)
    {
        var file = Path.Combine(State, name);
        if (content is null)
        {
            File.Delete(file);
        }
        else
        {
            File.WriteAllText(file, content);
        }
    }
}
