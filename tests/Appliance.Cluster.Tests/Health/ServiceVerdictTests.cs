using Appliance.Cluster.Health;
using Appliance.Cluster.Shell;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class ServiceVerdictTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 7, 42, 0, TimeSpan.Zero);
    private static readonly ServiceAnswer Well = new ServiceAnswer.Well(TimeSpan.FromMilliseconds(20));
    private static readonly ServiceAnswer Slow = new ServiceAnswer.Well(TimeSpan.FromSeconds(3));
    private static readonly ServiceAnswer Silent = new ServiceAnswer.Bad("nothing listens there");
    private static readonly ServiceAnswer NoPort = new ServiceAnswer.NotAsked();
    private static readonly ContainerLook Unasked = new ContainerLook.NotAsked();
    private static readonly ContainerLook Gone = new ContainerLook.Gone();
    private static readonly ContainerLook Old = Runs(Start.AddDays(-3));

    private ServiceMemory _memory = new();
    private DateTimeOffset _now = Start;

    private ConditionKind Kind => _memory.Condition.Kind;

    [Fact]
    public void Service_that_answers_works()
    {
        Look(Well, Unasked);

        Kind.ShouldBe(ConditionKind.Working);
        _memory.Condition.LastSeen.ShouldBe(_now);
    }

    [Fact]
    public void Slow_answer_is_busy_and_not_dead()
    {
        Look(Slow, Unasked);

        Kind.ShouldBe(ConditionKind.Busy);
        _memory.Condition.Reason.ShouldBe("It took 3 s to answer.");
    }

    [Fact]
    public void Running_service_that_misses_is_busy_until_the_third_miss_in_a_row()
    {
        Look(Well, Unasked);

        Kinds(() => Look(Silent, Old), 4).ShouldBe([ConditionKind.Busy, ConditionKind.Busy, ConditionKind.Stuck, ConditionKind.Stuck]);
        _memory.Condition.Reason.ShouldBe("It runs, but does not answer: nothing listens there.");
        _memory.Condition.Since.ShouldBe(_now - TimeSpan.FromSeconds(5));
        _memory.Condition.LastSeen.ShouldBe(_now - TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Flapping_service_never_counts_as_down()
    {
        Look(Well, Unasked);

        for (var i = 0; i < 50; i++)
        {
            Look(Silent, Old);
            Look(Silent, Old);
            Kind.ShouldBe(ConditionKind.Busy);
            Look(Well, Old);
            Kind.ShouldBe(ConditionKind.Working);
        }
    }

    [Fact]
    public void One_good_answer_ends_every_trouble()
    {
        Look(Well, Unasked);
        Kinds(() => Look(Silent, Old), 3);
        Look(Well, Old);

        Kind.ShouldBe(ConditionKind.Working);
        _memory.Condition.Reason.ShouldBeNull();
        _memory.Condition.Since.ShouldBe(_now);
    }

    [Fact]
    public void Service_without_a_container_is_unreachable_after_three_misses_and_as_before_until_then()
    {
        Look(Well, Unasked);

        Kinds(() => Look(Silent, Unasked), 3).ShouldBe([ConditionKind.Working, ConditionKind.Working, ConditionKind.Unreachable]);
        _memory.Condition.Reason.ShouldBe("No answer: nothing listens there.");
    }

    [Fact]
    public void Service_that_was_never_seen_is_unknown_before_it_is_unreachable() =>
        Kinds(() => Look(Silent, Unasked), 3).ShouldBe([ConditionKind.Unknown, ConditionKind.Unknown, ConditionKind.Unreachable]);

    [Fact]
    public void Container_that_just_started_is_starting_for_a_grace_and_then_stuck()
    {
        var fresh = Runs(_now.AddSeconds(5));
        Look(Silent, fresh);
        Kind.ShouldBe(ConditionKind.Starting);

        _now += ServiceVerdict.StartGrace - TimeSpan.FromSeconds(10);
        Look(Silent, fresh);
        Kind.ShouldBe(ConditionKind.Starting);
        Look(Silent, fresh);
        Kind.ShouldBe(ConditionKind.Stuck);
    }

    [Fact]
    public void Working_service_that_is_restarted_is_starting_and_not_stuck()
    {
        Look(Well, Old);
        Look(Silent, Runs(_now));

        Kinds(() => Look(Silent, Runs(Start.AddSeconds(5))), 10).ShouldAllBe(kind => kind == ConditionKind.Starting);
    }

    [Theory]
    [InlineData(0, "It ended without an error.")]
    [InlineData(143, "Somebody stopped it.")]
    [InlineData(137, "It was ended from outside: stopped, or killed because memory ran out.")]
    public void Ended_container_is_stopped_on_purpose_at_once(int exitCode, string reason)
    {
        Look(Well, Unasked);
        Look(Silent, Ended(exitCode, _now.AddSeconds(2)));

        Kind.ShouldBe(ConditionKind.Stopped);
        _memory.Condition.Reason.ShouldBe(reason);
        _memory.Condition.Since.ShouldBe(_now.AddSeconds(-3));
    }

    [Fact]
    public void Crashed_container_is_crashed_at_once_and_one_crash_counts_once()
    {
        Look(Well, Unasked);
        var ended = Ended(1, _now.AddSeconds(2));

        Kinds(() => Look(Silent, ended), 5).ShouldAllBe(kind => kind == ConditionKind.Crashed);
        _memory.Condition.Crashes.ShouldBe(1);
        _memory.Condition.Reason.ShouldBe("It ended by itself with exit code 1.");
    }

    [Fact]
    public void Crash_for_want_of_memory_says_so()
    {
        Look(Silent, new ContainerLook.Seen(new ContainerState { Status = "exited", ExitCode = 137, IsOutOfMemory = true }));

        Kind.ShouldBe(ConditionKind.Crashed);
        _memory.Condition.Reason.ShouldBe("It ran out of memory.");
    }

    [Fact]
    public void Crash_loop_of_a_bot_is_counted_and_does_not_flap_to_working()
    {
        Look(NoPort, Old);
        Kind.ShouldBe(ConditionKind.Working);

        for (var crash = 1; crash <= 3; crash++)
        {
            var began = _now;
            Look(NoPort, new ContainerLook.Seen(new ContainerState { Status = "restarting", ExitCode = 1, StartedAt = began, FinishedAt = began.AddSeconds(4) }));
            Kind.ShouldBe(ConditionKind.Crashed);
            _memory.Condition.Crashes.ShouldBe(crash);
            Look(NoPort, Runs(_now.AddSeconds(4)));
            Kind.ShouldBe(ConditionKind.Crashed);
        }
    }

    [Fact]
    public void Crash_that_fell_between_two_looks_of_a_crash_loop_is_counted()
    {
        Look(NoPort, Ended(1, _now));
        Look(NoPort, Runs(_now.AddSeconds(1)));
        Look(NoPort, Runs(_now.AddSeconds(2)));
        Look(NoPort, Runs(_now.AddSeconds(3)));

        Kind.ShouldBe(ConditionKind.Crashed);
        _memory.Condition.Crashes.ShouldBe(3);
    }

    [Fact]
    public void Restarted_bot_that_stays_up_works_again_and_its_crashes_are_forgotten()
    {
        Look(NoPort, Ended(1, _now));
        var again = Runs(_now.AddSeconds(3));
        Kinds(() => Look(NoPort, again), 11).ShouldAllBe(kind => kind == ConditionKind.Crashed);
        Kinds(() => Look(NoPort, again), 3).Last().ShouldBe(ConditionKind.Working);
        _memory.Crashes.ShouldBe(1);

        _now += ServiceVerdict.CrashesForgotten;
        Look(NoPort, again);
        _memory.Crashes.ShouldBe(0);
    }

    [Fact]
    public void Restart_by_a_person_is_no_crash()
    {
        Look(NoPort, Old);
        Look(NoPort, Runs(_now));

        Kind.ShouldBe(ConditionKind.Working);
        _memory.Crashes.ShouldBe(0);
    }

    [Fact]
    public void Container_that_is_recreated_is_gone_for_one_look_without_notice()
    {
        Look(Well, Old);

        Look(Silent, Gone);
        Kind.ShouldBe(ConditionKind.Working);
        Look(Silent, Gone);
        Kind.ShouldBe(ConditionKind.Stopped);
        _memory.Condition.Reason.ShouldBe("Its container is not there.");
    }

    [Fact]
    public void Answer_counts_more_than_a_container_that_ended()
    {
        Look(Well, Ended(1, _now));

        Kind.ShouldBe(ConditionKind.Working);
        _memory.Crashes.ShouldBe(0);
    }

    [Theory]
    [InlineData(HostFaultKind.Unreachable, ConditionKind.Unreachable)]
    [InlineData(HostFaultKind.ConnectionLost, ConditionKind.Unreachable)]
    [InlineData(HostFaultKind.Thrashing, ConditionKind.Unreachable)]
    [InlineData(HostFaultKind.AuthenticationFailed, ConditionKind.Unknown)]
    [InlineData(HostFaultKind.HostKeyChanged, ConditionKind.Unknown)]
    [InlineData(HostFaultKind.Overloaded, ConditionKind.Unknown)]
    public void Bot_on_a_host_that_cannot_be_asked_is_not_called_stopped(HostFaultKind fault, ConditionKind kind)
    {
        Look(NoPort, Old);
        var away = new ContainerLook.HostFailed(new HostFault(fault, "Spark 1 does not answer."));

        Kinds(() => Look(NoPort, away), 3).ShouldBe([ConditionKind.Working, ConditionKind.Working, kind]);
        _memory.Condition.Reason.ShouldBe("Spark 1 does not answer.");
    }

    [Theory]
    [InlineData("healthy", ConditionKind.Working)]
    [InlineData("starting", ConditionKind.Starting)]
    [InlineData("unhealthy", ConditionKind.Stuck)]
    public void Own_health_check_of_a_bot_is_believed(string health, ConditionKind kind)
    {
        Look(NoPort, new ContainerLook.Seen(new ContainerState { Status = "running", Health = health }));

        Kind.ShouldBe(kind);
    }

    [Fact]
    public void Nothing_to_look_at_is_unknown() => Kinds(() => Look(NoPort, Unasked), 5).ShouldAllBe(kind => kind == ConditionKind.Unknown);

    [Fact]
    public void Whatever_is_seen_down_is_never_said_of_a_service_that_just_answered_and_a_good_answer_always_wins()
    {
        ServiceAnswer[] answers = [Well, Slow, Silent];
        ContainerLook[] containers =
        [
            Unasked, Gone, Old, Runs(Start), Ended(0, Start), Ended(1, Start), Ended(137, Start),
            new ContainerLook.Unclear("docker says: no"),
            new ContainerLook.HostFailed(new HostFault(HostFaultKind.Unreachable, "Away.")),
        ];
        var look = Gen.Elements(answers).SelectMany(answer => Gen.Elements(containers).Select(container => new ServiceLook(answer, container)));
        Prop.ForAll(look.ListOf().ToArbitrary(), looks =>
        {
            var memory = new ServiceMemory();
            var now = Start;
            foreach (var one in looks)
            {
                now += TimeSpan.FromSeconds(5);
                memory = ServiceVerdict.Decide(memory, one, now);
                var isDown = memory.Condition.Kind is ConditionKind.Unreachable or ConditionKind.Stuck;
                if ((one.Answer is ServiceAnswer.Well && memory.Condition.Kind is not (ConditionKind.Working or ConditionKind.Busy))
                    || (isDown && memory.Misses < ServiceVerdict.MissesBeforeDown)
                    || memory.Condition.Since > now)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static ContainerLook Runs(DateTimeOffset since) => new ContainerLook.Seen(new ContainerState { Status = "running", StartedAt = since });

    private static ContainerLook Ended(int exitCode, DateTimeOffset at) =>
        new ContainerLook.Seen(new ContainerState { Status = "exited", ExitCode = exitCode, StartedAt = Start.AddDays(-3), FinishedAt = at });

    private void Look(ServiceAnswer answer, ContainerLook container)
    {
        _now += TimeSpan.FromSeconds(5);
        _memory = ServiceVerdict.Decide(_memory, new ServiceLook(answer, container), _now);
    }

    private List<ConditionKind> Kinds(Action look, int times) => [.. Enumerable.Range(0, times).Select(_ =>
    {
        look();
        return Kind;
    })];
}
