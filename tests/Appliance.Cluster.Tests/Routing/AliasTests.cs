using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Routing;

/// <summary>Whom an alias reaches.</summary>
public sealed class AliasTests
{
    private static readonly TwoLanes Home = new();
    private static readonly ModelCard Seeing = TwoLanes.Gemma with { Capabilities = [Capability.Chat, Capability.Vision] };
    private static readonly ModelCard Thinking = TwoLanes.Qwen with { Capabilities = [Capability.Chat, Capability.Reasoning, Capability.Tools] };

    [Theory]
    [InlineData("chat", "main")]
    [InlineData("reasoning", "main")]
    [InlineData("code", "main")]
    [InlineData("vision", "small")]
    [InlineData("VISION", "small")]
    [InlineData("default", "main")]
    public void Built_in_alias_without_a_list_means_what_is_loaded_and_can_do_it(string alias, string lane)
    {
        var upstreams = Home.With(main: TwoLanes.Serving(Thinking), small: TwoLanes.Serving(Seeing));

        upstreams.Find(alias, UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe(lane);
    }

    [Fact]
    public void Code_falls_back_to_a_model_that_chats()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(Seeing));

        upstreams.Find("code", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("main");
    }

    [Fact]
    public void Auto_goes_to_the_one_with_the_least_to_do_and_never_waits_while_one_answers()
    {
        var upstreams = Home.With(
            main: lane => Busy(TwoLanes.Serving(Thinking)(lane), running: 3, waiting: 2),
            small: lane => Busy(TwoLanes.Serving(Seeing)(lane), running: 1, waiting: 0));
        upstreams.Find("auto", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("small");
        upstreams.Find("default", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("main");

        var changing = Home.With(main: TwoLanes.Swapping(Thinking, SwapState.Loading), small: TwoLanes.Serving(Seeing));
        changing.Find("auto", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("small");
    }

    [Fact]
    public void Embed_is_the_embeddings_server_and_nothing_for_a_chat()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(Thinking));

        upstreams.Find("embed", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("embeddings");
        upstreams.Find("embed", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unknown>();
        upstreams.Find("vision", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Unknown>();
    }

    [Fact]
    public void Task_that_no_loaded_model_can_do_says_which_could_be_started()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(Thinking), snapshot: snapshot => snapshot with { Models = [Thinking, Seeing] });

        var unavailable = upstreams.Find("vision", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>();

        unavailable.Reason.ShouldBe("'vision' stands for a loaded model that sees pictures, and there is none now. These could be started: Gemma 3 27B.");
        unavailable.Wanted.ShouldBeNull();
    }

    [Fact]
    public void Task_model_that_is_stuck_says_so()
    {
        var upstreams = Home.With(main: lane => TwoLanes.Serving(Seeing)(lane) with { Condition = new Condition(ConditionKind.Stuck) { Reason = "No token for 90 s." } });

        upstreams.Find("vision", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason.ShouldEndWith("No token for 90 s.");
    }

    [Fact]
    public void First_of_the_list_that_answers_wins_then_the_first_on_its_way_then_the_first_that_could_be_started()
    {
        var list = Lists(("code", [TwoLanes.Gemma.Id.Value, TwoLanes.Qwen.Id.Value]));

        Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), snapshot: list).Find("code", UpstreamTask.Chat)
            .ShouldBeOfType<UpstreamMatch.Serving>().Upstream.ModelId.ShouldBe(TwoLanes.Qwen.Id.Value);
        Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), small: TwoLanes.Serving(TwoLanes.Gemma), snapshot: list).Find("Code", UpstreamTask.Chat)
            .ShouldBeOfType<UpstreamMatch.Serving>().Upstream.ModelId.ShouldBe(TwoLanes.Gemma.Id.Value);
        Home.With(main: TwoLanes.Swapping(TwoLanes.Qwen, SwapState.Loading), snapshot: list).Find("code", UpstreamTask.Chat)
            .ShouldBeOfType<UpstreamMatch.Loading>().Upstream.ModelId.ShouldBe(TwoLanes.Qwen.Id.Value);
        var unavailable = Home.With(snapshot: list).Find("code", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>();
        unavailable.Wanted.ShouldBe(TwoLanes.Gemma.Id);
        unavailable.Reason.ShouldStartWith("None of the models that 'code' stands for is loaded. Gemma 3 27B is not loaded.");
    }

    [Fact]
    public void List_whose_models_are_all_gone_is_said()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), snapshot: Lists(("fast", ["gone--model"])));

        upstreams.Find("fast", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason.ShouldBe("None of the models that 'fast' stands for is here: gone--model.");
    }

    [Fact]
    public void Unknown_name_is_told_with_every_name_that_works_now()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), snapshot: Lists(("fast", [TwoLanes.Qwen.Id.Value]), ("far", [TwoLanes.Gemma.Id.Value])));

        upstreams.Find("unheard-of", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unknown>().Known.ShouldBe(["qwen--qwen3.6-35b", "jerry-xl", "fast"]);
    }

    [Fact]
    public void Model_that_came_later_with_the_name_of_an_alias_is_not_hidden_by_it()
    {
        var upstreams = Home.With(
            main: TwoLanes.Serving(TwoLanes.Qwen),
            small: TwoLanes.Serving(TwoLanes.Gemma),
            snapshot: Lists(("gemma-served", [TwoLanes.Qwen.Id.Value])));

        upstreams.Find("gemma-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("small");
    }

    [Fact]
    public void Fixed_alias_is_whatever_its_port_holds()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), small: TwoLanes.Serving(TwoLanes.Gemma));

        upstreams.Find("Jerry-XL", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.ServedName.ShouldBe("qwen-served");
        upstreams.Find("utility-b", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.ServedName.ShouldBe("gemma-served");
        upstreams.Find("utility-b", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Unknown>();
        upstreams.Find("bench-s", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason
            .ShouldBe("'bench-s' stands for port 8107, and no lane or service has that port.");
        Home.With(main: TwoLanes.Serving(TwoLanes.Gemma)).Find("jerry-xl", UpstreamTask.Chat)
            .ShouldBeOfType<UpstreamMatch.Serving>().Upstream.ServedName.ShouldBe("gemma-served");
    }

    [Theory]
    [InlineData(SwapState.Queued)]
    [InlineData(SwapState.Preflight)]
    public void Model_that_a_job_will_load_is_on_its_way_before_anything_was_touched(SwapState state)
    {
        var upstreams = Home.With(main: lane => TwoLanes.Swapping(TwoLanes.Gemma, state, from: TwoLanes.Qwen)(TwoLanes.Serving(TwoLanes.Qwen)(lane)));

        var coming = upstreams.Find("google/gemma-3-27b", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Loading>().Upstream;
        coming.ServedName.ShouldBe("gemma-served");
        coming.Id.ShouldBe("main");
        upstreams.Find("default", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>();
    }

    [Fact]
    public void Persons_name_for_a_model_works_too()
    {
        Home.With(main: TwoLanes.Serving(TwoLanes.Qwen)).Find("qwen3.6 35b", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>();
    }

    [Fact]
    public void Every_alias_is_listed_with_whom_it_reaches_now()
    {
        var aliases = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), snapshot: Lists(("fast", [TwoLanes.Gemma.Id.Value]))).Aliases;

        aliases.Select(alias => alias.Name).ShouldBe(["jerry-xl", "utility-b", "bench-s", "default", "auto", "chat", "code", "reasoning", "vision", "embed", "fast"]);
        aliases.Where(alias => alias.IsOwn).Select(alias => alias.Name).ShouldBe(["jerry-xl", "utility-b", "bench-s", "fast"]);
        aliases.Single(alias => alias.Name == "jerry-xl").Port.ShouldBe(8888);
        aliases.Single(alias => alias.Name == "chat").Server!.Id.ShouldBe("main");
        aliases.Single(alias => alias.Name == "embed").Server!.Id.ShouldBe("embeddings");
        aliases.Single(alias => alias.Name == "fast").Now.ShouldBeOfType<UpstreamMatch.Unavailable>();
    }

    [Theory]
    [InlineData("google--gemma-3-27b", "google--gemma-3-27b")]
    [InlineData("fast", "google--gemma-3-27b")]
    [InlineData("FAST", "google--gemma-3-27b")]
    [InlineData("reasoning", "qwen--qwen3.6-35b")]
    [InlineData("vision", "google--gemma-3-27b")]
    [InlineData("default", null)]
    [InlineData("auto", null)]
    [InlineData("jerry-xl", null)]
    [InlineData("nonsense", null)]
    public void Swap_understands_names_and_aliases(string name, string? model)
    {
        var snapshot = Lists(("fast", ["gone--model", TwoLanes.Gemma.Id.Value]))(ClusterSnapshot.Empty with { Models = [Thinking, Seeing] });

        ModelNames.Find(snapshot, name)?.Id.Value.ShouldBe(model);
        (ModelNames.Find(snapshot, name) is null).ShouldBe(model is null);
    }

    [Fact]
    public void Swap_to_an_alias_takes_the_one_that_answers_or_can_start()
    {
        var snapshot = Lists(("code", [TwoLanes.Qwen.Id.Value, TwoLanes.Gemma.Id.Value]))(ClusterSnapshot.Empty);

        ModelNames.Find(snapshot with { Models = [TwoLanes.Qwen, TwoLanes.Gemma] }, "code")!.Id.ShouldBe(TwoLanes.Qwen.Id);
        ModelNames.Find(snapshot with { Models = [TwoLanes.Qwen, TwoLanes.Gemma with { State = ModelState.Live }] }, "code")!.Id.ShouldBe(TwoLanes.Gemma.Id);
        ModelNames.Find(snapshot with { Models = [TwoLanes.Qwen with { State = ModelState.Incomplete }, TwoLanes.Gemma] }, "code")!.Id.ShouldBe(TwoLanes.Gemma.Id);
    }

    private static Func<ClusterSnapshot, ClusterSnapshot> Lists(params (string Alias, ImmutableArray<string> Models)[] lists) =>
        snapshot => snapshot with { Aliases = lists.Aggregate(ModelAliases.None, (aliases, list) => aliases.With(list.Alias, list.Models)) };

    private static LaneSnapshot Busy(LaneSnapshot lane, int running, int waiting) => lane with { Serving = lane.Serving! with { Running = running, Waiting = waiting } };
}
