using System.Collections.Immutable;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Tests.Ssh;
using Appliance.TestKit.Files;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Engines;

/// <summary>T-01 and T-02 on a real sshd: with every generation of the launcher the words arrive byte for byte, or they are not sent.</summary>
public sealed class QuotingTests : IAsyncLifetime
{
    private static readonly HostId Second = HostId.Parse("spark-2");

    private readonly TemporaryFolder _folder = new();
    private readonly VllmEngine _engine = new();
    private FakeSpark _spark = null!;
    private ShellUnderTest _shell = null!;
    private Database _database = null!;

    private string Temporary => _folder.File("tmp");

    private HostDefinition Host => _spark.Describe(ShellUnderTest.Spark);

    private LaneDefinition Lane { get; } = new() { Id = LaneId.Main, Name = "Main", Hosts = [ShellUnderTest.Spark, Second] };

    private ClusterDefinition Cluster => new() { Hosts = [Host, Host with { Id = Second }], Lanes = [Lane] };

    public async Task InitializeAsync()
    {
        // Its own folder for temporary files, so that what is left there is ours.
        Directory.CreateDirectory(Temporary);
        _spark = await FakeSpark.StartAsync(new SshdSetup { Environment = ImmutableDictionary<string, string>.Empty.Add("TMPDIR", Temporary) });
        _shell = await ShellUnderTest.ForAsync(_spark.Sshd);
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _shell.DisposeAsync();
        await _spark.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null, QuotingWay.AsTheyAre)]
    [InlineData("january", QuotingWay.Quoted)]
    [InlineData("june", QuotingWay.AsTheyAre)]
    [InlineData("september", QuotingWay.AsTheyAre)]
    [InlineData("doubled", QuotingWay.Unproven)]
    public async Task T02_accepted_words_arrive_byte_for_byte_and_others_are_not_sent(string? launcher, QuotingWay expected)
    {
        Use(launcher);
        _spark.LetServerDie("");

        var proof = await ProveAsync(isCluster: false);

        proof.Way.ShouldBe(expected);
        // No newline: the launcher's own greps work line by line.
        foreach (var words in HostileText.Words.Sample(30, 60).Select(word => word.Replace("\n", "")).Chunk(20))
        {
            var arguments = words.Where(proof.Allows).ToImmutableArray();
            (expected == QuotingWay.Unproven || arguments.Length == words.Length).ShouldBeTrue();
            (await LaunchAsync(proof, arguments)).ShouldBe(arguments);
        }

        ImmutableArray<string> usual = ["--max-model-len=32768", "--gpu-memory-utilization", "0.85", "--a=b.c/d:e@f%g+h_i-j"];
        usual.ShouldAllBe(word => proof.Allows(word));
        (await LaunchAsync(proof, usual)).ShouldBe(usual);
    }

    [Fact]
    public async Task T02_comma_that_a_launcher_escapes_twice_is_not_taken_for_plain()
    {
        Use("doubled");

        var proof = await ProveAsync(isCluster: false);

        proof.Allows("image=4,video=1").ShouldBeFalse();
        proof.Allows("image=4").ShouldBeTrue();
    }

    [Theory]
    [InlineData("january", QuotingWay.Quoted)]
    [InlineData("june", QuotingWay.AsTheyAre)]
    [InlineData("september", QuotingWay.AsTheyAre)]
    [InlineData("doubled", QuotingWay.Unproven)]
    public async Task Words_for_two_machines_are_proven_apart(string launcher, QuotingWay expected)
    {
        Use(launcher);

        (await ProveAsync(isCluster: true)).Way.ShouldBe(expected);
    }

    [Fact]
    public async Task Launcher_that_starts_nothing_is_unproven_and_tried_again_next_time()
    {
        Use("deaf");
        (await ProveAsync(isCluster: false)).ShouldBe(new QuotingProof(QuotingWay.Unproven));

        Use("june");
        (await ProveAsync(isCluster: false)).Way.ShouldBe(QuotingWay.AsTheyAre);
    }

    [Fact]
    public async Task Launcher_that_does_not_end_is_ended_and_unproven()
    {
        Use("endless");

        var look = await CheckAsync(isCluster: false);

        look.Capabilities!.Quoting.Way.ShouldBe(QuotingWay.Unproven);
        ShouldHaveLeftNothing();
    }

    [Fact]
    public async Task Proof_touches_nothing_real_and_leaves_nothing()
    {
        var launch = Path.Combine(_spark.Home, "spark-vllm-docker");
        await File.WriteAllTextAsync(Path.Combine(launch, ".env"), "CONTAINER_HF_TOKEN=a-secret\n");
        var before = Tree();
        var calls = _spark.ReadDockerCalls().Length;

        (await ProveAsync(isCluster: false)).Way.ShouldBe(QuotingWay.AsTheyAre);

        // The check itself asks docker once whether it can be used.
        _spark.ReadDockerCalls().Skip(calls).ShouldAllBe(call => call.SequenceEqual(new[] { "ps", "-q" }));
        _spark.FindReceivedWords().ShouldBeNull();
        Tree().ShouldBe(before);
        ShouldHaveLeftNothing();

        string[] Tree() => [.. Directory.EnumerateFileSystemEntries(_spark.Home, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Proof_is_made_once_for_a_launcher_and_kept_over_a_restart()
    {
        var hash = (await CheckAsync(isCluster: false)).Capabilities!.Hash!;
        var kept = new QuotingProofs(_database, TimeProvider.System);
        (await kept.FindAsync(Host.Id, hash, isCluster: false, CancellationToken.None)).ShouldBe(new QuotingProof(QuotingWay.AsTheyAre));
        (await kept.FindAsync(Host.Id, hash, isCluster: true, CancellationToken.None)).ShouldBeNull();
        (await kept.FindAsync(Second, hash, isCluster: false, CancellationToken.None)).ShouldBeNull();

        // What is kept is believed: another proof of the same text would say otherwise.
        await kept.KeepAsync(Host.Id, hash, isCluster: false, new QuotingProof(QuotingWay.Quoted), CancellationToken.None);
        (await ProveAsync(isCluster: false)).Way.ShouldBe(QuotingWay.Quoted);
        Use("june");
        (await ProveAsync(isCluster: false)).Way.ShouldBe(QuotingWay.AsTheyAre);
    }

    [Fact]
    public async Task Machine_that_cannot_be_reached_proves_nothing()
    {
        await _spark.Sshd.StopAsync();

        var (look, fault) = await Check().LookAsync(Lane, Host, isCluster: false, CancellationToken.None).DefaultTimeout();

        look.ShouldBeNull();
        fault!.Kind.ShouldBe(HostFaultKind.Unreachable);
    }

    private void Use(string? launcher)
    {
        if (launcher is not null)
        {
            _spark.UseLauncher(launcher);
        }
    }

    private LauncherCheck Check() => new(_shell.Shell, new EngineSet([_engine]), new QuotingProofs(_database, TimeProvider.System));

    private async Task<LauncherLook> CheckAsync(bool isCluster)
    {
        var (look, fault) = await Check().LookAsync(Lane, Host, isCluster, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
        fault.ShouldBeNull();
        return look!;
    }

    private async Task<QuotingProof> ProveAsync(bool isCluster) => (await CheckAsync(isCluster)).Capabilities.ShouldNotBeNull().Quoting;

    /// <summary>Launches as the product does, and returns the arguments of the recipe as the server received them.</summary>
    private async Task<ImmutableArray<string>> LaunchAsync(QuotingProof proof, ImmutableArray<string> arguments)
    {
        var look = _engine.ReadLauncher(Lane, Host, await _shell.RunAsync(_engine.InspectLauncher(Host)));
        var recipe = new Recipe
        {
            Repo = FakeSpark.Models[0],
            Name = "Small 8B",
            ServedName = "small",
            Placement = RecipePlacement.Solo,
            Source = RecipeSource.Operator,
            Arguments = [.. arguments, "--tensor-parallel-size", "1"],
        };
        var plan = _engine.Plan(Lane, Cluster, recipe, look.Capabilities! with { Quoting = proof });
        var command = look.Capabilities.HasSoloOption ? plan.Command : plan.Command with { Words = [plan.Command.Words[0], "-n", "127.0.0.1", "--eth-if", "lo", "--ib-if", "lo", .. plan.Command.Words[1..]] };

        await _shell.RunScriptAsync("rm -f \"$FAKE_SPARK_STATE/received-argv\"; docker stop vllm_node >/dev/null 2>&1; while docker ps -a --format '{{.Names}}' | grep -qx vllm_node; do sleep 0.05; done");
        await _shell.RunAsync(command);
        (await _shell.RunScriptAsync("while [ ! -e \"$FAKE_SPARK_STATE/received-argv\" ]; do sleep 0.02; done")).IsOk.ShouldBeTrue();
        var received = _spark.FindReceivedWords()!.Value;
        received.ShouldBe(plan.ServeArguments);
        var first = plan.ServeArguments.Length - recipe.Arguments.Length;
        return received.Slice(first, arguments.Length);
    }

    private void ShouldHaveLeftNothing() => Directory.GetFileSystemEntries(Temporary).ShouldBeEmpty();
}
