using System.Collections.Immutable;
using Appliance.Cluster.Discovery;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Tests.Engines;
using Appliance.Cluster.View;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Models;

public class MenuBuilderTests
{
    private static readonly HostId One = HostId.Parse("spark-1");
    private static readonly HostId Two = HostId.Parse("spark-2");

    [Fact]
    public void A_complete_model_with_a_recipe_is_ready()
    {
        var card = Build(On(One, Complete("org/name"))).ShouldHaveSingleItem();

        card.State.ShouldBe(ModelState.Ready);
        card.Name.ShouldBe("Solo model");
        card.Id.Value.ShouldBe("org--name");
        card.Capabilities.ShouldBe([Capability.Chat, Capability.Tools]);
        card.ContextLength.ShouldBe(4096);
    }

    [Fact]
    public void A_recipe_without_files_is_no_card() => Build().ShouldBeEmpty();

    [Fact]
    public void A_model_without_a_recipe_needs_setup_and_is_described_by_its_own_config()
    {
        const string Config = """{"architectures":["QwenVLForConditionalGeneration"],"vision_config":{},"text_config":{"max_position_embeddings":262144}}""";

        var card = Build(On(One, Complete("other/thing") with { ConfigJson = Config })).ShouldHaveSingleItem();

        card.State.ShouldBe(ModelState.NeedsSetup);
        card.Name.ShouldBe("thing");
        card.Capabilities.ShouldBe([Capability.Chat, Capability.Vision]);
        card.ContextLength.ShouldBe(262144);
    }

    [Fact]
    public void An_incomplete_model_says_what_is_missing()
    {
        var card = Build(On(One, Complete("org/name") with { IsComplete = false, Missing = "3 of 14 weight files" })).ShouldHaveSingleItem();

        card.State.ShouldBe(ModelState.Incomplete);
        card.Copies.Single().Missing.ShouldBe("3 of 14 weight files");
    }

    [Fact]
    public void A_cluster_model_must_be_on_every_host_of_the_lane()
    {
        Build(On(One, Complete("org/both")), On(Two, Complete("org/both"))).Single().State.ShouldBe(ModelState.Ready);

        var card = Build(On(One, Complete("org/both")), On(Two)).Single();
        card.State.ShouldBe(ModelState.Incomplete);
        card.Copies.Single(copy => copy.Host == Two).Missing.ShouldBe("the whole model: it is not on Spark 2");
    }

    [Fact]
    public void A_host_that_was_not_listed_yet_is_not_called_empty()
    {
        var card = Build(On(One, Complete("org/both")), new HostDisk { Host = Two }).Single();

        card.Copies.Single(copy => copy.Host == Two).Missing.ShouldBe("not known yet: Spark 2 has not been listed");
    }

    [Fact]
    public void A_solo_model_on_the_second_machine_is_ready_where_a_lane_begins_there_and_incomplete_otherwise()
    {
        var disks = Disks(On(One), On(Two, Complete("org/name")));

        MenuBuilder.Build(disks, Book, Snapshot()).Single().State.ShouldBe(ModelState.Ready);
        var mainOnly = Snapshot() with { Lanes = [new LaneSnapshot { Definition = Home.Main }] };
        var card = MenuBuilder.Build(disks, Book, mainOnly).Single();
        card.State.ShouldBe(ModelState.Incomplete);
        card.Copies.Single(copy => copy.Host == One).Missing.ShouldBe("the whole model: it is not on Spark 1");
    }

    [Fact]
    public void A_model_is_live_when_any_lane_serves_it_by_id_or_by_name()
    {
        var disks = Disks(On(One, Complete("org/name"), Complete("org/both")), On(Two, Complete("org/name"), Complete("org/both")));

        Live(ModelId.Parse("org--name"), "anything").ShouldBe(["Solo model"]);
        Live(null, "ORG/both").ShouldBe(["Both machines"]);
        Live(ModelId.Parse("org--name"), "org/both").ShouldBe(["Solo model"]);

        IEnumerable<string> Live(ModelId? id, string servedName)
        {
            var serving = new ServingModel { Id = id, Name = "x", ServedName = servedName, ObservedAt = default };
            var snapshot = Snapshot();
            snapshot = snapshot with { Lanes = [snapshot.Lanes[0], snapshot.Lanes[1] with { Serving = serving }] };
            return MenuBuilder.Build(disks, Book, snapshot).Where(card => card.State == ModelState.Live).Select(card => card.Name);
        }
    }

    [Fact]
    public void A_model_is_swapping_while_a_swap_to_it_runs_and_not_after()
    {
        State(SwapState.Loading, SwapKind.Swap).ShouldBe(ModelState.Swapping);
        State(SwapState.Failed, SwapKind.Swap).ShouldBe(ModelState.Ready);
        State(SwapState.Stopping, SwapKind.Stop).ShouldBe(ModelState.Ready);

        static ModelState State(SwapState state, SwapKind kind)
        {
            var job = new SwapJob
            {
                Id = SwapJobId.Parse("swap-1"),
                Lane = LaneId.Main,
                Kind = kind,
                Model = ModelId.Parse("org--name"),
                ModelName = "x",
                State = state,
                RequestedBy = "you",
                StartedAt = default,
            };
            var snapshot = Snapshot();
            snapshot = snapshot with { Lanes = [snapshot.Lanes[0] with { Swap = job }, snapshot.Lanes[1]] };
            return MenuBuilder.Build(Disks(On(One, Complete("org/name"))), Book, snapshot).Single().State;
        }
    }

    [Fact]
    public void The_menu_is_sorted_by_name_and_one_card_stands_for_both_copies()
    {
        var cards = Build(On(One, Complete("z/last"), Complete("org/name"), Complete("A/first")), On(Two, Complete("ORG/Name")));

        cards.Select(card => card.Name).ShouldBe(["first", "last", "Solo model"]);
        cards[2].Copies.Length.ShouldBe(2);
    }

    [Fact]
    public void The_fit_counts_what_the_running_model_gives_back()
    {
        var serving = new ServingModel { Id = ModelId.Parse("org--both"), Name = "x", ServedName = "org/both", ObservedAt = default };
        var snapshot = Snapshot(available: 20);
        snapshot = snapshot with { Lanes = [snapshot.Lanes[0] with { Serving = serving, Condition = new Condition(ConditionKind.Working) }, snapshot.Lanes[1]] };

        MenuBuilder.Build(Disks(On(One, Complete("org/name"))), Book, snapshot).Single().Fit.ShouldNotBeNull().IsOk.ShouldBeTrue();
        var stopped = Snapshot(available: 20);
        stopped = stopped with { Lanes = [stopped.Lanes[0] with { Condition = new Condition(ConditionKind.Stopped) }, stopped.Lanes[1]] };
        MenuBuilder.Build(Disks(On(One, Complete("org/name"))), Book, stopped).Single().Fit.ShouldNotBeNull().IsOk.ShouldBeFalse();
    }

    [Fact]
    public void An_unchanged_menu_is_the_same_instance()
    {
        var disks = Disks(On(One, Complete("org/name"), Complete("other/thing")));
        var first = MenuBuilder.Build(disks, Book, Snapshot());

        ModelMenu.Reuse(first, MenuBuilder.Build(disks, Book, Snapshot())).ShouldBe(first);
        var changed = ModelMenu.Reuse(first, MenuBuilder.Build(Disks(On(One, Complete("org/name"), Complete("other/thing") with { IsComplete = false })), Book, Snapshot()));
        changed.Count(card => first.Any(old => ReferenceEquals(old, card))).ShouldBe(1);
    }

    [Theory]
    [InlineData("org--name")]
    [InlineData("ORG/NAME")]
    [InlineData(" solo MODEL ")]
    [InlineData("org/name")]
    public void A_model_is_found_by_each_of_its_names(string name) =>
        ModelNames.Find(Build(On(One, Complete("org/name"), Complete("x/y"))), name).ShouldNotBeNull().Id.Value.ShouldBe("org--name");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("org")]
    public void Anything_else_is_not_found(string name) => ModelNames.Find(Build(On(One, Complete("org/name"))), name).ShouldBeNull();

    private static ImmutableArray<ModelCard> Build(params HostDisk[] disks) => MenuBuilder.Build(Disks(disks), Book, Snapshot());

    private static DiskInventory Disks(params HostDisk[] disks) => new() { Hosts = [.. disks], IsComplete = true };

    private static HostDisk On(HostId host, params CachedModel[] models) => new() { Host = host, ObservedAt = DateTimeOffset.UnixEpoch, Models = [.. models] };

    private static CachedModel Complete(string repo) => new() { Repo = RepoId.Parse(repo), Size = ByteSize.FromGigabytes(22), IsComplete = true };

    private static ClusterSnapshot Snapshot(double available = 118) => new()
    {
        Lanes = [new LaneSnapshot { Definition = Home.Main }, new LaneSnapshot { Definition = Home.Small }],
        Hosts =
        [
            .. Home.Cluster.Hosts.Select(host => new HostSnapshot
            {
                Definition = host, MemoryTotal = ByteSize.FromGigabytes(130), MemoryAvailable = ByteSize.FromGigabytes(available),
            }),
        ],
    };

    private static RecipeList Book { get; } = new(
        Sample("org/name", "Solo model", RecipePlacement.Any), Sample("org/both", "Both machines", RecipePlacement.Cluster));

    private static Recipe Sample(string repo, string name, RecipePlacement placement) => new()
    {
        Repo = RepoId.Parse(repo),
        Name = name,
        ServedName = repo,
        Placement = placement,
        Source = RecipeSource.Operator,
        Capabilities = [Capability.Chat, Capability.Tools],
        ContextLength = 4096,
        Arguments = ["--gpu-memory-utilization=0.8"],
    };

    private sealed class RecipeList(params Recipe[] recipes) : IRecipeBook
    {
        public ImmutableArray<Recipe> All => [.. recipes];

        public ImmutableArray<string> Problems => [];

        public Recipe? Find(RepoId repo) => recipes.FirstOrDefault(recipe => recipe.Repo.Id == repo.Id);
    }
}
