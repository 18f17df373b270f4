using System.Collections.Immutable;
using Appliance.Cluster.Fit;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Given;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Fit;

public class FitOffersTests
{
    private static readonly HostId First = HostId.Parse("spark-1");
    private static readonly HostId Second = HostId.Parse("spark-2");

    [Fact]
    public void The_model_of_another_lane_on_the_same_machine_is_offered_with_what_it_holds()
    {
        var snapshot = Home(free: 60, Lane("main", First), Lane("coder", First, Model("org/coder", "0.4", 30)));

        var offers = Find(snapshot, Model("org/wanted", "0.8", 40));

        offers.Select(one => one.Kind).ShouldBe([FitOfferKind.OtherLane, FitOfferKind.StopLane]);
        offers[0].Text.ShouldStartWith("It fits on coder instead of org/coder: it needs 102 GB, and 111 GB will be free there.");
        var offer = offers[1];
        (offer.Kind, offer.Lane!.Value.Value, offer.Stops).ShouldBe((FitOfferKind.StopLane, "coder", "org/coder"));
        offer.Text.ShouldBe("Stop org/coder on coder first: that frees about 51 GB on Spark 1, and then it fits.");
        offer.Frees!.Value.ToString().ShouldBe("51 GB");
    }

    [Fact]
    public void Another_place_is_offered_when_the_model_is_on_its_disk_and_fits_there()
    {
        var snapshot = Home(free: 30, Lane("main", First), Lane("second", Second));
        var wanted = Model("org/wanted", "0.8", 40) with { Copies = [Copy(First, 40), Copy(Second, 40)] };

        var offer = Find(snapshot, wanted).ShouldHaveSingleItem();

        (offer.Kind, offer.Lane!.Value.Value).ShouldBe((FitOfferKind.OtherLane, "second"));
        Find(snapshot, wanted with { Copies = [Copy(First, 40)] }).ShouldBeEmpty();
    }

    [Fact]
    public void Programs_beside_the_models_are_offered_with_what_they_hold_together()
    {
        var snapshot = Home(free: 90, Lane("main", First)) with
        {
            Services = [Service("embeddings", "Embeddings", ServiceKind.Embeddings), Service("qdrant", "Vectors", ServiceKind.VectorStore)],
        };
        snapshot = snapshot with { Hosts = [snapshot.Hosts[0] with { MemoryOfModels = ByteSize.FromGigabytes(20) }, snapshot.Hosts[1]] };

        var offer = Find(snapshot, Model("org/wanted", "0.8", 40)).ShouldHaveSingleItem();

        offer.Services.ShouldHaveSingleItem().Value.ShouldBe("embeddings");
        offer.Text.ShouldBe("Stop Embeddings on Spark 1 first: that frees about 20 GB, and then it fits.");
    }

    [Fact]
    public void A_shorter_context_is_offered_with_the_words_for_its_recipe()
    {
        // 48 layers of 8 heads of 128 at 2 bytes: 196,608 bytes a token, so 256k tokens are 52 GB and 128k are 26 GB.
        var wanted = Model("org/wanted", "0.9", 40) with { CacheBytesPerToken = 196_608, ContextLength = 262_144 };

        var offer = Find(Home(free: 80, Lane("main", First)), wanted).ShouldHaveSingleItem();

        (offer.Kind, offer.ContextLength).ShouldBe((FitOfferKind.ShorterContext, 131_072));
        offer.Text.ShouldStartWith("With a context of 128k tokens instead of 256k it fits: it needs ");
        offer.Text.ShouldEndWith($"In its recipe that is --max-model-len 131072 and --gpu-memory-utilization {offer.MemoryShare:0.##}.");
    }

    [Fact]
    public void Nothing_is_offered_that_is_reserved_changing_or_would_not_help()
    {
        Find(Home(free: 10, Lane("main", First), Lane("coder", First, Model("org/coder", "0.1", 4))), Model("org/wanted", "0.8", 40)).ShouldBeEmpty();
        var (coder, runs) = Lane("coder", First, Model("org/coder", "0.4", 30));
        Find(Home(free: 60, Lane("main", First), (coder with { Reservation = Given.Reservation }, runs)), Model("org/wanted", "0.8", 40)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_offer_passes_the_fit_check_when_it_is_taken()
    {
        var numbers = from free in Gen.Choose(1, 120) from weights in Gen.Choose(1, 120) from other in Gen.Choose(1, 60) from share in Gen.Choose(10, 95) from token in Gen.Choose(1, 400) select (free, weights, other, share, token);
        Prop.ForAll(Arb.From(numbers), given =>
        {
            var coder = Model("org/coder", "0.35", given.other);
            var main = Lane("main", First);
            var wanted = Model("org/wanted", $"0.{given.share:00}", given.weights) with { CacheBytesPerToken = given.token * 1000, ContextLength = 262_144 };
            var snapshot = Home(given.free, main, Lane("coder", First, coder));
            foreach (var offer in FitOffers.Find(snapshot, snapshot.Lanes[0], wanted))
            {
                var fit = offer.Kind switch
                {
                    FitOfferKind.StopLane => OnMain(Home(given.free + offer.Frees!.Value.Gigabytes, main), wanted.Recipe!),
                    FitOfferKind.OtherLane => LaneFit.Decide(snapshot, snapshot.Lanes[1], wanted.Recipe!, wanted.Size, coder.Recipe),
                    _ => OnMain(snapshot, wanted.Recipe! with { Arguments = RecipeWords.Replace(wanted.Recipe.Arguments, "--gpu-memory-utilization", $"{offer.MemoryShare:0.##}") }),
                };
                fit.ShouldNotBeNull().IsOk.ShouldBeTrue(offer.Text);
            }

            FitVerdict? OnMain(ClusterSnapshot then, Recipe recipe) => LaneFit.Decide(then, then.Lanes[0], recipe, wanted.Size, null);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Reading_from_before_the_present_model_answered_refuses_nothing()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        var present = Model("org/present", "0.4", 30);
        var wanted = Model("org/wanted", "0.8", 40);
        var (lane, _) = Lane("main", First, present);
        lane = lane with { Serving = lane.Serving! with { Since = now } };

        Decide(now.AddSeconds(1)).ShouldNotBeNull().IsOk.ShouldBeFalse();
        Decide(now.AddSeconds(-1)).ShouldBeNull("the machine was full of the model before");

        FitVerdict? Decide(DateTimeOffset readAt)
        {
            var home = Home(free: 18, (lane, present));
            return LaneFit.Decide(home with { Hosts = [home.Hosts[0] with { ObservedAt = readAt }, home.Hosts[1]] }, lane, wanted.Recipe!, wanted.Size, present.Recipe);
        }
    }

    private static ImmutableArray<FitOffer> Find(ClusterSnapshot snapshot, ModelCard wanted)
    {
        snapshot = snapshot with { Models = snapshot.Models.Add(wanted) };
        LaneFit.Decide(snapshot, snapshot.Lanes[0], wanted.Recipe!, wanted.Size, null).ShouldNotBeNull().IsOk.ShouldBeFalse();
        return FitOffers.Find(snapshot, snapshot.Lanes[0], wanted);
    }

    private static ClusterSnapshot Home(double free, params ImmutableArray<(LaneSnapshot Lane, ModelCard? Runs)> lanes) => new()
    {
        Lanes = [.. lanes.Select(lane => lane.Lane)],
        Models = [.. lanes.Select(lane => lane.Runs).OfType<ModelCard>()],
        Hosts = [Host(First, "Spark 1", free), Host(Second, "Spark 2", 118)],
    };

    private static (LaneSnapshot Lane, ModelCard? Runs) Lane(string id, HostId host, ModelCard? runs = null) => (
        new LaneSnapshot
        {
            Definition = new LaneDefinition { Id = LaneId.Parse(id), Name = id, Hosts = [host], Port = 8000, Container = id },
            Condition = new Condition(runs is null ? ConditionKind.Stopped : ConditionKind.Working),
            Serving = runs is null ? null : new ServingModel { Id = runs.Id, Name = runs.Name, ServedName = runs.Name, ObservedAt = DateTimeOffset.UnixEpoch },
        },
        runs);

    private static ModelCard Model(string repo, string share, double gigabytes) => new()
    {
        Id = RepoId.Parse(repo).Id,
        Repo = RepoId.Parse(repo),
        Name = repo,
        State = ModelState.Ready,
        Copies = [Copy(First, gigabytes)],
        ContextLength = 32_768,
        Recipe = new Recipe
        {
            Repo = RepoId.Parse(repo),
            Name = repo,
            ServedName = repo,
            Placement = RecipePlacement.Any,
            Arguments = ["--gpu-memory-utilization", share],
            Source = RecipeSource.Operator,
        },
    };

    private static LocalCopy Copy(HostId host, double gigabytes) => new(host, ByteSize.FromGigabytes(gigabytes), IsComplete: true, null);

    private static HostSnapshot Host(HostId id, string name, double free) => new()
    {
        Definition = new HostDefinition { Id = id, Name = name, Address = "192.0.2.1", User = "alice" },
        MemoryTotal = ByteSize.FromGigabytes(128),
        MemoryAvailable = ByteSize.FromGigabytes(free),
    };

    private static ServiceSnapshot Service(string id, string name, ServiceKind kind) => new()
    {
        Definition = new ServiceDefinition { Id = ServiceId.Parse(id), Name = name, Purpose = name, Kind = kind, Host = First, Port = 8001 },
        Condition = new Condition(ConditionKind.Working),
    };
}
