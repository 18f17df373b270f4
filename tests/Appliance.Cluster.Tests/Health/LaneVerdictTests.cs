using Appliance.Cluster.Engines;
using Appliance.Cluster.Health;
using Appliance.Cluster.Shell;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class LaneVerdictTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 7, 42, 0, TimeSpan.Zero);
    private static readonly IdentityAnswer.Named Qwen = new("Qwen/Qwen3-4B", "Qwen/Qwen3-4B", 32768);
    private static readonly GenerationAnswer Token = new GenerationAnswer.Token(TimeSpan.FromSeconds(0.4));
    private static readonly GenerationAnswer Nothing = new GenerationAnswer.Nothing("no answer within 20 s");

    [Fact]
    public void A_server_that_names_its_model_and_gives_a_token_works()
    {
        var memory = LaneVerdict.Decide(new LaneMemory(), new LaneLook(Qwen) { Generation = Token }, Start);

        memory.Condition.Kind.ShouldBe(ConditionKind.Working);
        memory.IsServing(Start).ShouldBeTrue();
    }

    [Fact]
    public void Since_when_it_answers_is_known_only_if_it_was_seen_to_begin()
    {
        Working().Since.ShouldBeNull("it already ran when it was first looked at");

        var gone = LaneVerdict.Decide(new LaneMemory(), new LaneLook(new IdentityAnswer.Refused()) { Presence = ServerPresence.Gone }, Start);
        var back = LaneVerdict.Decide(gone, new LaneLook(Qwen) { Generation = Token }, Start.AddSeconds(5));
        back.Since.ShouldBe(Start.AddSeconds(5));
    }

    [Fact]
    public void A_name_alone_is_not_serving()
    {
        var memory = LaneVerdict.Decide(new LaneMemory(), new LaneLook(Qwen), Start);

        memory.Condition.Kind.ShouldBe(ConditionKind.Starting);
        memory.IsServing(Start).ShouldBeFalse();
    }

    [Fact]
    public void Serving_is_not_claimed_beyond_the_observation_period()
    {
        var memory = Working();

        memory.IsServing(Start + LaneVerdict.ObservationPeriod).ShouldBeTrue();
        memory.IsServing(Start + LaneVerdict.ObservationPeriod + TimeSpan.FromSeconds(1)).ShouldBeFalse();
    }

    [Fact]
    public void A_wedged_server_is_stuck_within_three_minutes()
    {
        var memory = Working();
        var now = Start;
        while (memory.Condition.Kind != ConditionKind.Stuck)
        {
            now += TimeSpan.FromSeconds(5);
            (now - Start).ShouldBeLessThan(TimeSpan.FromMinutes(3), "the verdict must come within three minutes");
            var counters = Counters(1001);
            var asks = LaneVerdict.WantsGeneration(memory, counters, now);
            memory = LaneVerdict.Decide(memory, new LaneLook(Qwen) { Counters = counters, Generation = asks ? Nothing : null }, now);
        }

        memory.Condition.Reason.ShouldNotBeNull().ShouldContain("no answer for");
    }

    [Fact]
    public void A_busy_server_whose_counters_move_is_never_stuck_and_never_probed()
    {
        var memory = Working();
        for (var look = 1; look <= 200; look++)
        {
            var now = Start.AddSeconds(5 * look);
            var counters = Counters(1001 + 100 * look);
            LaneVerdict.WantsGeneration(memory, counters, now).ShouldBeFalse();
            memory = LaneVerdict.Decide(memory, new LaneLook(Qwen) { Counters = counters }, now);
            memory.Condition.Kind.ShouldBe(ConditionKind.Working);
            memory.IsServing(now).ShouldBeTrue();
        }

        memory.Speed.ShouldBe(20);
        memory.Speeds.ShouldContain(20);
    }

    [Fact]
    public void Two_blips_change_nothing_and_the_third_looks_at_the_container()
    {
        var blip = new LaneLook(new IdentityAnswer.NoAnswer("slow")) { Presence = ServerPresence.ContainerOnly };
        var once = LaneVerdict.Decide(Working(), blip, Start.AddSeconds(5));
        var twice = LaneVerdict.Decide(once, blip, Start.AddSeconds(10));
        twice.Condition.Kind.ShouldBe(ConditionKind.Working);

        var thrice = LaneVerdict.Decide(twice, blip, Start.AddSeconds(15));

        thrice.Condition.Kind.ShouldBe(ConditionKind.Crashed);
        thrice.Condition.Crashes.ShouldBe(1);
        thrice.IsServing(Start.AddSeconds(15)).ShouldBeFalse();
    }

    [Fact]
    public void A_host_that_cannot_be_asked_is_unreachable_and_not_stopped()
    {
        var fault = new HostFault(HostFaultKind.Unreachable, "Spark 1 does not answer.");
        var memory = LaneVerdict.Decide(new LaneMemory(), new LaneLook(new IdentityAnswer.Refused()) { Fault = fault, Presence = ServerPresence.Unknown }, Start);

        memory.Condition.Kind.ShouldBe(ConditionKind.Unreachable);
        memory.Condition.Reason.ShouldBe("Spark 1 does not answer.");
    }

    [Fact]
    public void A_container_that_somebody_else_stopped_is_told_as_such()
    {
        var memory = Working();
        for (var look = 1; look <= 3; look++)
        {
            memory = LaneVerdict.Decide(memory, new LaneLook(new IdentityAnswer.Refused()) { Presence = ServerPresence.Gone }, Start.AddSeconds(5 * look));
        }

        memory.Condition.Kind.ShouldBe(ConditionKind.Stopped);
        memory.Condition.Reason.ShouldNotBeNull().ShouldContain("outside the appliance");
    }

    [Fact]
    public void Another_model_on_the_port_starts_without_the_evidence_of_the_first()
    {
        var other = new IdentityAnswer.Named("somebody/else", null, null);
        var memory = LaneVerdict.Decide(Working(), new LaneLook(other), Start.AddSeconds(5));

        memory.IsServing(Start.AddSeconds(5)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(30)]
    public void A_wall_clock_that_is_set_changes_nothing_about_how_long_it_serves(double hours)
    {
        var jump = TimeSpan.FromHours(hours);
        var memory = Working().AfterJump(jump);

        memory.IsServing(Start + jump + LaneVerdict.ObservationPeriod).ShouldBeTrue();
        memory.IsServing(Start + jump + LaneVerdict.ObservationPeriod + TimeSpan.FromSeconds(1)).ShouldBeFalse();
        memory.TokenAt.ShouldBe(Start + jump);
    }

    [Fact]
    public void A_counter_that_sinks_was_reset_and_is_not_a_speed()
    {
        var memory = LaneVerdict.Decide(Working(), new LaneLook(Qwen) { Counters = Counters(10), Generation = Token }, Start.AddSeconds(5));

        memory.Speed.ShouldBeNull();
    }

    [Fact]
    public void The_token_of_our_own_probe_is_no_speed()
    {
        var memory = LaneVerdict.Decide(Working(), new LaneLook(Qwen) { Counters = Counters(1001) }, Start.AddSeconds(5));

        memory.Speed.ShouldBeNull();
        memory.Condition.Kind.ShouldBe(ConditionKind.Working);
    }

    private static LaneMemory Working() =>
        LaneVerdict.Decide(new LaneMemory(), new LaneLook(Qwen) { Generation = Token, Counters = Counters(1000) }, Start);

    private static ServerCounters Counters(double generated) => new(Running: 1, Waiting: 0, generated, PromptTokens: 0, FirstTokenSeconds: 0, FirstTokenCount: 0);
}
