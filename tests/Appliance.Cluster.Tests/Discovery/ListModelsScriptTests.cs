using System.Diagnostics;
using Appliance.Cluster.Discovery;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Discovery;

public sealed class ListModelsScriptTests : IDisposable
{
    private static readonly RemoteScript Script = RemoteScript.Load(typeof(ModelDiscovery), "list-models");
    private readonly HubFolder _hub = new();

    // The config and the reference to the commit.
    private const int SmallFiles = 24 + 40;

    public static TheoryData<string> Shells => [.. ScriptRun.Shells.Select(shell => string.Join(' ', shell))];

    public void Dispose() => _hub.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Both_layouts_are_listed_with_links_resolved_and_every_file_once(string shell)
    {
        _hub.With("org/Classic-1").With("org/Shared.2", isShared: true, isIndexOneLine: true).With("org/One", shards: 1);

        var listing = await ListAsync(shell);

        listing.IsWhole.ShouldBeTrue();
        listing.Models.Select(model => model.Repo.ToString()).ShouldBe(["org/Classic-1", "org/One", "org/Shared.2"]);
        foreach (var model in listing.Models)
        {
            model.IsComplete.ShouldBeTrue(model.Missing);
            model.Revision.ShouldBe(HubFolder.Revision);
            model.ConfigJson.ShouldBe("{\n  \"model_type\": \"x\"\n}\n");
            model.Size.Bytes.ShouldBe(model.Repo.Name == "One" ? 1000 + SmallFiles : 3000 + SmallFiles + IndexSize(model.Repo));
        }
    }

    [Fact]
    public async Task Path_below_home_is_resolved_by_the_host()
    {
        _hub.With("org/Model");

        var (_, output) = await ScriptRun.RunAsync(
            ScriptRun.Shells[0], Script.Text, ["home", "hugging face"], ("HOME", Path.GetDirectoryName(_hub.Home)!));

        CacheListingReader.Read(output).Models.ShouldHaveSingleItem().IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Missing_hub_is_an_empty_listing_and_not_a_fault()
    {
        var listing = await ListAsync();

        listing.IsWhole.ShouldBeTrue();
        listing.Models.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Weight_files_that_lead_nowhere_are_counted(bool isShared)
    {
        _hub.With("org/Model", shards: 14, isShared: isShared);
        foreach (var number in new[] { 3, 7, 14 })
        {
            _hub.Lose("org/Model", HubFolder.Shard(number, 14));
        }

        var model = (await ListAsync()).Models.ShouldHaveSingleItem();

        model.IsComplete.ShouldBeFalse();
        model.Missing.ShouldBe("3 of 14 weight files");
    }

    [Fact]
    public async Task Weight_files_that_are_not_even_linked_yet_are_counted_without_an_index_too()
    {
        _hub.With("org/Indexed", shards: 4).With("org/Bare", shards: 4);
        File.Delete(Path.Combine(_hub.Snapshot("org/Indexed"), HubFolder.Shard(2, 4)));
        File.Delete(Path.Combine(_hub.Snapshot("org/Bare"), HubFolder.Shard(2, 4)));
        File.Delete(Path.Combine(_hub.Snapshot("org/Bare"), HubFolder.Shard(3, 4)));
        File.Delete(Path.Combine(_hub.Snapshot("org/Bare"), "model.safetensors.index.json"));

        var models = (await ListAsync()).Models;

        models.Single(model => model.Repo.Name == "Indexed").Missing.ShouldBe("1 of 4 weight files");
        models.Single(model => model.Repo.Name == "Bare").Missing.ShouldBe("2 of 4 weight files");
    }

    [Fact]
    public async Task Empty_weight_file_counts_as_missing()
    {
        _hub.With("org/Model", shards: 2);
        File.WriteAllText(new FileInfo(Path.Combine(_hub.Snapshot("org/Model"), HubFolder.Shard(1, 2))).ResolveLinkTarget(true)!.FullName, "");

        (await ListAsync()).Models.ShouldHaveSingleItem().Missing.ShouldBe("1 of 2 weight files");
    }

    [Fact]
    public async Task Download_under_way_is_incomplete_and_an_older_left_over_is_not()
    {
        _hub.With("org/Running").With("org/Finished");
        var running = Path.Combine(_hub.Model("org/Running"), "blobs", "ff.incomplete");
        var old = Path.Combine(_hub.Model("org/Finished"), "blobs", "ff.incomplete");
        HubFolder.Write(running, "half");
        HubFolder.Write(old, "half");
        File.SetLastWriteTimeUtc(running, File.GetLastWriteTimeUtc(_hub.Snapshot("org/Running")).AddMinutes(1));
        File.SetLastWriteTimeUtc(old, File.GetLastWriteTimeUtc(_hub.Snapshot("org/Finished")).AddDays(-1));

        var models = (await ListAsync()).Models;

        models.Single(model => model.Repo.Name == "Running").Missing.ShouldBe("the end of a download");
        models.Single(model => model.Repo.Name == "Finished").IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Model_without_config_reference_or_weights_says_which()
    {
        _hub.With("org/NoConfig").With("org/NoReference").With("org/NoWeights", shards: 0).With("org/NoSnapshot");
        File.Delete(Path.Combine(_hub.Snapshot("org/NoConfig"), "config.json"));
        File.Delete(Path.Combine(_hub.Model("org/NoReference"), "refs", "main"));
        Directory.Delete(Path.Combine(_hub.Model("org/NoSnapshot"), "snapshots"), recursive: true);

        var models = (await ListAsync()).Models.ToDictionary(model => model.Repo.Name, model => model.Missing);

        models["NoConfig"].ShouldBe("config.json");
        models["NoReference"].ShouldBe("the main revision");
        models["NoWeights"].ShouldBe("the weight files");
        models["NoSnapshot"].ShouldBe("every file");
    }

    [Fact]
    public async Task Odd_folders_and_names_neither_appear_nor_break_the_others()
    {
        _hub.With("org/Good");
        _hub.Add("org/Good", "notes with\nnewline and  blanks.txt", "x");
        _hub.Add("org/Good", "original/params.json", "{}");
        foreach (var folder in new[] { "models--gpt2", "models--a--b--c", "datasets--org--set", "models--org--bad name", ".locks/models--org--Lock", "version.txt.d", "models---x--y" })
        {
            HubFolder.Write(Path.Combine(_hub.Hub, folder, "refs", "main"), "x");
        }

        Directory.CreateSymbolicLink(Path.Combine(_hub.Hub, "models--org--Loop"), _hub.Hub);
        File.CreateSymbolicLink(Path.Combine(_hub.Hub, "models--org--Nowhere"), "/nowhere/at/all");

        var listing = await ListAsync();

        listing.IsWhole.ShouldBeTrue();
        listing.Models.Single(model => model.IsComplete).Repo.ToString().ShouldBe("org/Good");
    }

    [Fact]
    public async Task Model_folder_on_another_disk_is_followed()
    {
        using var elsewhere = new HubFolder();
        elsewhere.With("org/Far");
        Directory.CreateDirectory(_hub.Hub);
        Directory.CreateSymbolicLink(_hub.Model("org/Far"), elsewhere.Model("org/Far"));

        (await ListAsync()).Models.ShouldHaveSingleItem().IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Config_cannot_pretend_to_be_a_line_of_the_listing_and_a_huge_one_is_left_out()
    {
        var trap = "{\nend 0\nmodel models--evil--Model\n|x\r\n\"done\": 1}\n";
        _hub.With("org/Trap", config: trap).With("org/Huge", config: $"{{\"x\": \"{new string('y', 70_000)}\"}}");

        var models = (await ListAsync()).Models.ToDictionary(model => model.Repo.Name);

        models.Count.ShouldBe(2);
        models["Trap"].ConfigJson.ShouldBe(trap.Replace("\r\n", "\n"));
        models["Huge"].ConfigJson.ShouldBeNull();
        models["Huge"].IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Thousand_models_are_listed_in_one_go()
    {
        for (var i = 0; i < 1000; i++)
        {
            _hub.With($"org/Model-{i}", isShared: i % 2 == 0, isIndexOneLine: i % 3 == 0);
        }

        var began = Stopwatch.GetTimestamp();
        var listing = await ListAsync();

        // The aim is below one second on a quiet machine; a loop of forks per model takes far more than ten.
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        listing.IsWhole.ShouldBeTrue();
        listing.Models.Count(model => model.IsComplete).ShouldBe(1000);
    }

    private long IndexSize(RepoId repo) => new FileInfo(Path.Combine(_hub.Snapshot(repo.ToString()), "model.safetensors.index.json"))
        .ResolveLinkTarget(returnFinalTarget: true) is FileInfo file ? file.Length : 0;

    private async Task<CacheListing> ListAsync(string? shell = null)
    {
        var (exitCode, output) = await ScriptRun.RunAsync(shell?.Split(' ') ?? ScriptRun.Shells[0], Script.Text, ["abs", _hub.Home]);
        exitCode.ShouldBe(0);
        return CacheListingReader.Read(output);
    }
}
