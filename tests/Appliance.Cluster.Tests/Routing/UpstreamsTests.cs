using Appliance.Cluster.Health;
using Appliance.Cluster.Models;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Routing;

public sealed class UpstreamsTests
{
    private static readonly TwoLanes Home = new();

    [Theory]
    [InlineData("qwen--qwen3.6-35b")]
    [InlineData("Qwen/Qwen3.6-35B")]
    [InlineData("QWEN/qwen3.6-35b")]
    [InlineData("qwen-served")]
    [InlineData("Qwen-Served")]
    public void Loaded_model_is_found_by_id_repo_and_served_name_whatever_the_case(string name)
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen));

        var found = upstreams.Find(name, UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream;

        found.Id.ShouldBe("main");
        found.Address.ShouldBe(new Uri("http://192.0.2.11:8888/"));
        found.ServedName.ShouldBe("qwen-served");
        found.ModelId.ShouldBe("qwen--qwen3.6-35b");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("default")]
    [InlineData("Default")]
    public void No_name_means_the_first_lane_that_serves(string? name)
    {
        var upstreams = Home.With(
            main: lane => lane with { Condition = new Condition(ConditionKind.Stopped) },
            small: TwoLanes.Serving(TwoLanes.Gemma));

        upstreams.Find(name, UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("small");
    }

    [Fact]
    public void No_name_while_nothing_serves_means_the_lane_that_loads()
    {
        var upstreams = Home.With(
            main: lane => lane with { Condition = new Condition(ConditionKind.Stopped) },
            small: TwoLanes.Swapping(TwoLanes.Gemma, SwapState.Loading));

        upstreams.Find(null, UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Loading>().Upstream.Id.ShouldBe("small");
    }

    [Theory]
    [InlineData(SwapState.Draining)]
    [InlineData(SwapState.Stopping)]
    [InlineData(SwapState.Launching)]
    [InlineData(SwapState.Loading)]
    [InlineData(SwapState.Probing)]
    public void Model_on_its_way_is_loading_with_progress_and_the_old_one_is_not_available(SwapState state)
    {
        var upstreams = Home.With(main: lane => TwoLanes.Swapping(TwoLanes.Gemma, state, from: TwoLanes.Qwen)(TwoLanes.Serving(TwoLanes.Qwen)(lane)));

        var loading = upstreams.Find("gemma-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Loading>().Upstream;
        loading.Progress.ShouldBe(42);
        loading.Eta.ShouldBe(TimeSpan.FromSeconds(90));
        loading.ModelId.ShouldBe("google--gemma-3-27b");
        upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason.ShouldContain("being stopped");
    }

    [Theory]
    [InlineData(SwapState.Queued)]
    [InlineData(SwapState.Preflight)]
    public void Swap_that_has_touched_nothing_leaves_the_old_model_serving(SwapState state)
    {
        var upstreams = Home.With(main: lane => TwoLanes.Swapping(TwoLanes.Gemma, state, from: TwoLanes.Qwen)(TwoLanes.Serving(TwoLanes.Qwen)(lane)));

        upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>();
    }

    [Theory]
    [InlineData(SwapState.Live)]
    [InlineData(SwapState.Failed)]
    [InlineData(SwapState.RolledBack)]
    [InlineData(SwapState.Cancelled)]
    public void Ended_swap_has_no_say(SwapState state)
    {
        var upstreams = Home.With(main: lane => TwoLanes.Swapping(TwoLanes.Gemma, state)(TwoLanes.Serving(TwoLanes.Qwen)(lane)));

        upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>();
    }

    [Fact]
    public void Rollback_loads_the_model_that_ran_before()
    {
        var upstreams = Home.With(main: lane =>
        {
            var swapping = TwoLanes.Swapping(TwoLanes.Gemma, SwapState.Loading, from: TwoLanes.Qwen)(lane);
            return swapping with { Swap = swapping.Swap! with { Steps = [new SwapStep(SwapStepKind.RollBack, DateTimeOffset.UnixEpoch)] } };
        });

        upstreams.Find("Qwen/Qwen3.6-35B", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Loading>().Upstream.ServedName.ShouldBe("qwen-served");
    }

    [Fact]
    public void Stop_job_makes_the_lane_unavailable()
    {
        var upstreams = Home.With(main: lane =>
        {
            var swapping = TwoLanes.Swapping(TwoLanes.Qwen, SwapState.Stopping)(TwoLanes.Serving(TwoLanes.Qwen)(lane));
            return swapping with { Swap = swapping.Swap! with { Kind = SwapKind.Stop } };
        });

        upstreams.Find(null, UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason.ShouldContain("being stopped");
    }

    [Fact]
    public void Model_of_the_menu_that_is_not_loaded_says_what_is_and_how_to_swap()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen));

        var reason = upstreams.Find("google/gemma-3-27b", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason;

        reason.ShouldBe("Gemma 3 27B is not loaded. Loaded now: Qwen3.6 35B. Start it on the dashboard, or with POST /api/swap and {\"model\":\"google--gemma-3-27b\"}.");
    }

    [Theory]
    [InlineData(ConditionKind.Stuck, "stuck")]
    [InlineData(ConditionKind.Unreachable, "cannot be reached")]
    [InlineData(ConditionKind.Crashed, "crashed")]
    public void Loaded_model_in_a_bad_condition_is_unavailable_with_the_reason(ConditionKind kind, string word)
    {
        var upstreams = Home.With(main: lane => TwoLanes.Serving(TwoLanes.Qwen)(lane) with { Condition = new Condition(kind) { Reason = "No token for 120 s." } });

        var reason = upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason;

        reason.ShouldContain(word);
        reason.ShouldEndWith("No token for 120 s.");
    }

    [Fact]
    public void Busy_is_not_down()
    {
        var upstreams = Home.With(main: lane => TwoLanes.Serving(TwoLanes.Qwen)(lane) with { Condition = new Condition(ConditionKind.Busy) });

        upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>();
    }

    [Fact]
    public void Two_lanes_are_told_apart_and_an_unknown_name_lists_both()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), small: TwoLanes.Serving(TwoLanes.Gemma));

        upstreams.Find("gemma-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Address.Port.ShouldBe(8002);
        upstreams.Find("gpt-4o", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unknown>().Known
            .ShouldBe(["qwen--qwen3.6-35b", "google--gemma-3-27b", "jerry-xl", "utility-b"]);
    }

    [Fact]
    public void Unknown_name_before_the_disks_were_listed_is_not_called_unknown()
    {
        var upstreams = Home.With(snapshot: snapshot => snapshot with { Models = [], ModelsAreKnown = false });

        upstreams.Find("gpt-4o", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason.ShouldContain("not been listed yet");
    }

    [Fact]
    public void Unknown_name_where_no_disk_can_be_looked_at_is_unknown()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen), snapshot: snapshot => snapshot with
        {
            Models = [],
            ModelsAreKnown = false,
            Hosts = [.. snapshot.Hosts.Select(host => host with { Fault = new HostFault(HostFaultKind.OnlyWatched, "Only watched.") })],
        });

        upstreams.Find("gpt-4o", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unknown>();
        upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>();
    }

    [Fact]
    public void Model_started_by_hand_is_found_by_its_served_name()
    {
        var upstreams = Home.With(main: lane => lane with
        {
            Condition = new Condition(ConditionKind.Working),
            Serving = new ServingModel { Name = "mystery", ServedName = "mystery-7b", ObservedAt = DateTimeOffset.UnixEpoch },
        });

        upstreams.Find("Mystery-7B", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.ModelId.ShouldBeNull();
    }

    [Fact]
    public void Embeddings_service_takes_any_name_but_not_a_chat_models()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen));

        upstreams.Find("BAAI/bge-m3", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("embeddings");
        upstreams.Find(null, UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Serving>();
        upstreams.Find("qwen-served", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Unknown>().Known.ShouldBe(["embeddings"]);
        upstreams.Find("google/gemma-3-27b", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Unknown>();
    }

    [Fact]
    public void Chat_does_not_reach_the_embeddings_service()
    {
        Home.With().Find("embeddings", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unknown>().MeantFor.ShouldBe(UpstreamTask.Embeddings);
    }

    [Fact]
    public void Name_of_a_model_for_something_else_is_told_from_a_name_that_is_nobodys()
    {
        var upstreams = Home.With(main: TwoLanes.Serving(TwoLanes.Qwen));

        upstreams.Find("qwen-served", UpstreamTask.Speech).ShouldBeOfType<UpstreamMatch.Unknown>().MeantFor.ShouldBe(UpstreamTask.Chat);
        upstreams.Find("google/gemma-3-27b", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Unknown>().MeantFor.ShouldBe(UpstreamTask.Chat);
        upstreams.Find("gpt-4o", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unknown>().MeantFor.ShouldBeNull();
    }

    [Fact]
    public void Embedding_model_on_a_lane_answers_embeddings()
    {
        var upstreams = Home.With(small: lane =>
        {
            var serving = TwoLanes.Serving(TwoLanes.Gemma)(lane);
            return serving with { Serving = serving.Serving! with { Capabilities = [Capability.Embedding] } };
        });

        upstreams.Find("gemma-served", UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Serving>().Upstream.Id.ShouldBe("small");
    }

    [Fact]
    public void Stopped_service_is_unavailable_and_bots_are_no_upstreams()
    {
        var upstreams = Home.With(snapshot: snapshot => snapshot with
        {
            Services = [.. snapshot.Services.Select(service => service with { Condition = new Condition(ConditionKind.Stopped) })],
        });

        upstreams.Find(null, UpstreamTask.Embeddings).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason.ShouldBe("The service Search memory is stopped.");
        upstreams.All.Select(upstream => upstream.Id).ShouldBe(["main", "small", "embeddings"]);
        upstreams.Find(null, UpstreamTask.Speech).ShouldBeOfType<UpstreamMatch.Unavailable>().Reason.ShouldBe("No server for text to speech is set up.");
    }

    [Fact]
    public void Every_call_answers_from_the_newest_snapshot()
    {
        var (upstreams, view) = Home.Create();
        upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Unavailable>();

        view.Update(snapshot => snapshot with { Lanes = [TwoLanes.Serving(TwoLanes.Qwen)(snapshot.Lanes[0]), snapshot.Lanes[1]] });

        upstreams.Find("qwen-served", UpstreamTask.Chat).ShouldBeOfType<UpstreamMatch.Serving>();
    }
}
