using System.Collections.Immutable;
using Appliance.Cluster.Routing;
using Appliance.Cluster.View;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Routing;

public sealed class AliasCheckTests
{
    private static readonly ClusterSnapshot Snapshot = ClusterSnapshot.Empty with
    {
        Models = [TwoLanes.Qwen, TwoLanes.Gemma],
        ModelsAreKnown = true,
        Lanes = [TwoLanes.Serving(TwoLanes.Qwen)(new LaneSnapshot { Definition = TwoLanes.Definition.Lanes[0] })],
    };

    [Fact]
    public void Names_are_kept_in_lower_case_and_models_by_their_id()
    {
        var aliases = Good(("Fast", ["Qwen/Qwen3.6-35B", "Gemma 3 27B"]), ("vision", ["gemma-served"]), ("chat", []));

        aliases.Lists.Keys.ShouldBe(["fast", "vision"]);
        aliases.Find("FAST").ShouldBe(["qwen--qwen3.6-35b", "google--gemma-3-27b"]);
        aliases.Find("vision").ShouldBe(["google--gemma-3-27b"]);
    }

    [Theory]
    [InlineData("qwen-served", "a name of Qwen3.6 35B")]
    [InlineData("QWEN--qwen3.6-35b", "a name of Qwen3.6 35B")]
    [InlineData("embeddings", "the service Search memory")]
    [InlineData("has space", "An alias is 1 to 64")]
    [InlineData("org/name", "An alias is 1 to 64")]
    [InlineData("", "An alias is 1 to 64")]
    [InlineData("-x", "An alias is 1 to 64")]
    [InlineData("jerry-xl", "is fixed in cluster.yaml: it stands for port 8888")]
    public void Alias_that_cannot_be_is_refused_with_the_reason(string alias, string reason)
    {
        Bad((alias, [TwoLanes.Gemma.Id.Value])).ShouldHaveSingleItem().Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("nonsense", "There is no model 'nonsense' on the disks")]
    [InlineData("chat", "'chat' is an alias itself")]
    [InlineData("utility-b", "'utility-b' is an alias itself")]
    [InlineData(" ", "has no name")]
    public void Model_that_cannot_be_is_refused_with_the_reason(string model, string reason)
    {
        Bad(("fast", [model])).ShouldHaveSingleItem().Message.ShouldContain(reason);
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var problems = Bad(("qwen-served", []), ("Fast", ["nonsense", "qwen-served", "Qwen3.6 35B"]), ("fast", []), ("a b", []));

        problems.Select(problem => problem.Alias).Distinct().ShouldBe(["qwen-served", "Fast", "fast", "a b"], ignoreOrder: true);
        problems.ShouldContain(problem => problem.Message.Contains("stands twice in the list", StringComparison.Ordinal));
        problems.Count(problem => problem.Message.Contains("stands here twice", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public void Too_many_are_refused()
    {
        Bad([.. Enumerable.Range(0, 101).Select(i => ($"a{i}", ImmutableArray<string>.Empty))]).ShouldHaveSingleItem().Message.ShouldContain("At most 100");
        Bad(("fast", [.. Enumerable.Repeat("x", 21)])).ShouldHaveSingleItem().Message.ShouldContain("At most 20");
    }

    [Fact]
    public void List_that_was_read_can_be_sent_back_fixed_aliases_and_vanished_models_included()
    {
        var before = Snapshot with { Aliases = ModelAliases.None.With("fast", ["gone--model", TwoLanes.Qwen.Id.Value]) };

        var outcome = AliasCheck.Decide(
            new Dictionary<string, ImmutableArray<string>> { ["jerry-xl"] = ["port:8888"], ["fast"] = ["gone--model", TwoLanes.Qwen.Id.Value] }, before, TwoLanes.Definition);

        outcome.ShouldBeOfType<AliasOutcome.Changed>().Aliases.Find("fast").ShouldBe(["gone--model", TwoLanes.Qwen.Id.Value]);
    }

    [Fact]
    public void Model_that_only_runs_is_good_by_its_served_name()
    {
        var byHand = Snapshot with
        {
            Lanes = [Snapshot.Lanes[0] with { Serving = new ServingModel { Name = "mystery", ServedName = "Mystery-7B", ObservedAt = DateTimeOffset.UnixEpoch } }],
        };

        AliasCheck.Decide(new Dictionary<string, ImmutableArray<string>> { ["fast"] = ["mystery-7b"] }, byHand, TwoLanes.Definition)
            .ShouldBeOfType<AliasOutcome.Changed>().Aliases.Find("fast").ShouldBe(["Mystery-7B"]);
        AliasCheck.Decide(new Dictionary<string, ImmutableArray<string>> { ["mystery-7b"] = [] }, byHand, TwoLanes.Definition)
            .ShouldBeOfType<AliasOutcome.Refused>().Problems[0].Message.ShouldContain("the model that runs on Main");
    }

    [Fact]
    public void Before_the_disks_were_listed_nobody_says_that_a_model_does_not_exist()
    {
        var outcome = AliasCheck.Decide(
            new Dictionary<string, ImmutableArray<string>> { ["fast"] = ["org/name"] }, ClusterSnapshot.Empty, TwoLanes.Definition);

        outcome.ShouldBeOfType<AliasOutcome.Refused>().Problems[0].Message.ShouldContain("not been listed yet");
    }

    private static ModelAliases Good(params (string, ImmutableArray<string>)[] wish) => Decide(wish).ShouldBeOfType<AliasOutcome.Changed>().Aliases;

    private static ImmutableArray<AliasProblem> Bad(params (string, ImmutableArray<string>)[] wish) => Decide(wish).ShouldBeOfType<AliasOutcome.Refused>().Problems;

    private static AliasOutcome Decide((string Alias, ImmutableArray<string> Models)[] wish) =>
        AliasCheck.Decide(wish.ToDictionary(list => list.Alias, list => list.Models), Snapshot, TwoLanes.Definition);
}
