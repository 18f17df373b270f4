using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.TestKit.Hosts;

/// <summary>
/// What every <see cref="IHostShell"/> promises about epochs and about commands that run at most once: simulated machines and a real sshd alike.
/// </summary>
public abstract class FenceContract
{
    private readonly string _name = $"test-{Guid.NewGuid():n}"[..20];

    protected abstract IHostShell Shell { get; }

    /// <summary>A host that answers and has docker.</summary>
    protected abstract HostId Host { get; }

    /// <summary>A defined host that does not answer.</summary>
    protected abstract HostId UnreachableHost { get; }

    private RunId Run => RunId.Parse(_name);

    /// <summary>How often docker was called on the host with exactly these words, <c>docker</c> left out.</summary>
    protected abstract int CountDockerCalls(params string[] words);

    protected abstract LongWork PrepareLongWork();

    /// <summary>Breaks every connection to the host; what runs there goes on.</summary>
    protected abstract Task CutConnectionsAsync();

    /// <summary>A power cut, as far as running work is concerned.</summary>
    protected abstract Task LoseRunningWorkAsync();

    [Fact]
    public async Task Lower_epoch_is_refused_and_runs_nothing()
    {
        await RunAsync(Stop(5));

        var outcome = await RunAsync(Stop(4));

        outcome.ShouldBe(new ShellOutcome.Refused(5));
        CountDockerCalls("stop", _name).ShouldBe(1);
    }

    [Fact]
    public async Task Equal_and_higher_epochs_run()
    {
        foreach (var epoch in new[] { 5, 5, 9_000_000_000 })
        {
            (await RunAsync(Stop(epoch))).ShouldBeOfType<ShellOutcome.Completed>().Errors.ShouldContain(_name);
        }

        CountDockerCalls("stop", _name).ShouldBe(3);
    }

    [Fact]
    public async Task Same_epoch_of_another_owner_is_refused()
    {
        await RunAsync(Stop(5, "alice"));

        (await RunAsync(Stop(5, "bob"))).ShouldBe(new ShellOutcome.Refused(5));
        (await RunAsync(Stop(5, "alice"))).ShouldBeOfType<ShellOutcome.Completed>();
        (await RunAsync(Stop(6, "bob"))).ShouldBeOfType<ShellOutcome.Completed>();
        (await RunAsync(Stop(5, "alice"))).ShouldBe(new ShellOutcome.Refused(6));
    }

    [Fact]
    public async Task Epoch_is_remembered_although_its_command_failed_and_only_for_its_scope()
    {
        (await ReadEpochAsync(_name)).ShouldBe(new EpochLook.Seen(0));

        (await RunAsync(Stop(7))).IsOk.ShouldBeFalse();

        (await ReadEpochAsync(_name)).ShouldBe(new EpochLook.Seen(7));
        (await ReadEpochAsync(_name + "x")).ShouldBe(new EpochLook.Seen(0));
        (await RunAsync(Stop(1) with { Fence = new Fence(_name + "x", 1) })).ShouldBeOfType<ShellOutcome.Completed>();
    }

    [Fact]
    public async Task Fenced_command_tells_what_an_ordinary_one_tells()
    {
        var plain = ShellCommand.Of("docker", "stop", _name);
        foreach (var command in new[] { plain, plain with { OutputLimit = 5 }, ShellCommand.Of("appliance-has-no-such-program"), ShellCommand.Of("docker", "ps", "-a", "--format", "{{.Names}}") })
        {
            var ordinary = (await RunAsync(command)).ShouldBeOfType<ShellOutcome.Completed>();
            var fenced = (await RunAsync(command with { Fence = new Fence(_name, 1) })).ShouldBeOfType<ShellOutcome.Completed>();

            fenced.ExitCode.ShouldBe(ordinary.ExitCode);
            fenced.Output.ShouldBe(ordinary.Output);
            fenced.Errors.Contains(command.Words[^1], StringComparison.Ordinal).ShouldBe(ordinary.Errors.Contains(command.Words[^1], StringComparison.Ordinal));
            fenced.Errors.Length.ShouldBe(command.OutputLimit == 5 ? 5 : fenced.Errors.Length);
            fenced.IsTruncated.ShouldBe(ordinary.IsTruncated);
        }
    }

    [Fact]
    public async Task Followed_fenced_command_hands_over_its_lines()
    {
        var lines = new List<string>();

        var outcome = await Shell.FollowAsync(Host, Stop(1), lines.Add, CancellationToken.None).DefaultTimeout();

        outcome.ShouldBe(new ShellOutcome.Completed(1, "", ""));
        lines.ShouldHaveSingleItem().ShouldContain(_name);
    }

    [Fact]
    public async Task Run_that_is_asked_for_many_times_at_once_happens_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RunAsync(Stop(1) with { RunId = Run })));

        outcomes.Distinct().ShouldHaveSingleItem().ShouldBeOfType<ShellOutcome.Completed>().ExitCode.ShouldBe(1);
        CountDockerCalls("stop", _name).ShouldBe(1);
    }

    [Fact]
    public async Task Run_needs_no_fence_and_is_told_again_from_its_record()
    {
        var command = ShellCommand.Of("docker", "stop", _name) with { RunId = Run };

        var first = await RunAsync(command);
        var second = await RunAsync(command);

        second.ShouldBe(first);
        (await LookAsync()).ShouldBe(new RunLook.Ended((ShellOutcome.Completed)first));
        CountDockerCalls("stop", _name).ShouldBe(1);
    }

    [Fact]
    public async Task Look_at_a_run_begins_nothing()
    {
        (await LookAsync()).ShouldBe(new RunLook.Never());
        (await LookAsync()).ShouldBe(new RunLook.Never());

        (await RunAsync(Stop(1) with { RunId = Run })).ShouldBeOfType<ShellOutcome.Completed>();
    }

    [Fact]
    public async Task Known_run_is_refused_to_an_older_epoch()
    {
        await RunAsync(Stop(5) with { RunId = Run });
        await RunAsync(Stop(6));

        (await RunAsync(Stop(5) with { RunId = Run })).ShouldBe(new ShellOutcome.Refused(6));
        (await LookAsync()).ShouldBeOfType<RunLook.Ended>();
    }

    [Fact]
    public async Task Run_outlives_its_connection_and_is_found_by_its_id()
    {
        var work = PrepareLongWork();
        var command = work.Command with { RunId = Run, Fence = new Fence(_name, 1) };
        var first = RunAsync(command);
        await UntilAsync<RunLook.Running>();

        await CutConnectionsAsync();

        (await first).ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.ConnectionLost);
        (await LookAsync()).ShouldBe(new RunLook.Running());
        var second = RunAsync(command);
        second.IsCompleted.ShouldBeFalse();
        await work.FinishAsync();
        var outcome = (await second).ShouldBeOfType<ShellOutcome.Completed>();
        outcome.ExitCode.ShouldBe(0);
        (await LookAsync()).ShouldBe(new RunLook.Ended(outcome));
        work.CountBeginnings().ShouldBe(1);
    }

    [Fact]
    public async Task Run_that_left_no_record_is_lost_and_never_begun_again()
    {
        var work = PrepareLongWork();
        var first = RunAsync(work.Command with { RunId = Run });
        await UntilAsync<RunLook.Running>();

        await LoseRunningWorkAsync();

        (await first).ShouldBeOfType<ShellOutcome.Unknown>();
        (await LookAsync()).ShouldBe(new RunLook.Lost());
        (await RunAsync(work.Command with { RunId = Run })).ShouldBeOfType<ShellOutcome.Unknown>();
        work.CountBeginnings().ShouldBe(1);
    }

    [Fact]
    public async Task Newer_epoch_waits_for_the_command_that_is_in_effect()
    {
        var work = PrepareLongWork();
        var older = RunAsync(work.Command with { RunId = Run, Fence = new Fence(_name, 1) });
        await UntilAsync<RunLook.Running>();

        var newer = RunAsync(Stop(2));

        newer.IsCompleted.ShouldBeFalse();
        await work.FinishAsync();
        (await older).IsOk.ShouldBeTrue();
        (await newer).ShouldBeOfType<ShellOutcome.Completed>();
        (await RunAsync(Stop(1))).ShouldBe(new ShellOutcome.Refused(2));
    }

    [Fact]
    public async Task Unreachable_host_tells_nothing()
    {
        (await Shell.LookAtRunAsync(UnreachableHost, Run, CancellationToken.None).DefaultTimeout()).ShouldBeOfType<RunLook.NotKnown>().Fault.Kind.ShouldBe(HostFaultKind.Unreachable);
        (await Shell.ReadEpochAsync(UnreachableHost, _name, CancellationToken.None).DefaultTimeout()).ShouldBeOfType<EpochLook.NotKnown>().Fault.Kind.ShouldBe(HostFaultKind.Unreachable);
        (await Shell.RunAsync(UnreachableHost, Stop(1), CancellationToken.None).DefaultTimeout()).ShouldBeOfType<ShellOutcome.NotStarted>();
    }

    private ShellCommand Stop(long epoch, string owner = "") => ShellCommand.Of("docker", "stop", _name) with { Fence = new Fence(_name, epoch, owner) };

    private Task<ShellOutcome> RunAsync(ShellCommand command) => Shell.RunAsync(Host, command, CancellationToken.None).DefaultTimeout();

    private Task<RunLook> LookAsync() => Shell.LookAtRunAsync(Host, Run, CancellationToken.None).DefaultTimeout();

    private Task<EpochLook> ReadEpochAsync(string scope) => Shell.ReadEpochAsync(Host, scope, CancellationToken.None).DefaultTimeout();

    private async Task UntilAsync<T>()
        where T : RunLook
    {
        var look = await LookAsync();
        for (var tries = 0; look is not T && tries < 200; tries++)
        {
            look = await LookAsync();
        }

        look.ShouldBeOfType<T>();
    }
}
