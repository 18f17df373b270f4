using Appliance.Cluster.Shell;
using Appliance.Hosts.Fence;
using Appliance.Hosts.Tests.Ssh;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Fence;

/// <summary>F-06, F-22 and F-24 on a real sshd: connections that break, appliances that die or sleep, and two of them at once.</summary>
public sealed class FenceTests(SharedHost host) : IClassFixture<SharedHost>
{
    private const string Scope = "vllm_node";

    /// <summary>Waits for the file $1 to appear, and keeps count of its beginnings.</summary>
    private const string Work = """
        echo begun >>"$1.begun"
        while [ ! -e "$1" ]; do sleep 0.05; done
        echo finished
        """;

    private readonly string _file = Path.Combine(host.Sshd.Home, $"work-{Guid.NewGuid():n}");
    private readonly string _scope = $"scope-{Guid.NewGuid():n}";
    private readonly RunId _run = RunId.Parse($"run-{Guid.NewGuid():n}");

    private ShellUnderTest Shell => host.Shell;

    private string State => Path.Combine(host.Sshd.Home, ".local/state/appliance/fence-1");

    [Fact]
    public async Task Result_of_a_run_is_there_after_our_connection_was_killed()
    {
        var running = Shell.RunAsync(Begin(1));
        await UntilBegunAsync();
        ProcessTree.Signal("KILL", Shell.FindMasters());
        (await running).ShouldBeOfType<ShellOutcome.Unknown>();

        await File.WriteAllTextAsync(_file, "");

        (await Shell.RunAsync(Begin(1))).ShouldBe(new ShellOutcome.Completed(0, "finished\n", ""));
        Beginnings().ShouldBe(1);
    }

    [Fact]
    public async Task Run_is_found_by_the_next_appliance_after_this_one_died()
    {
        var first = await ShellUnderTest.ForAsync(host.Sshd);
        var running = first.RunAsync(Begin(1));
        await UntilBegunAsync();
        ProcessTree.Signal("KILL", first.FindMasters());
        await running;
        await first.DisposeAsync();

        await using var second = await ShellUnderTest.ForAsync(host.Sshd);
        (await second.Shell.LookAtRunAsync(ShellUnderTest.Spark, _run, CancellationToken.None)).ShouldBe(new RunLook.Running());
        await File.WriteAllTextAsync(_file, "");

        (await second.RunAsync(Begin(1))).ShouldBe(new ShellOutcome.Completed(0, "finished\n", ""));
        Beginnings().ShouldBe(1);
    }

    [Fact]
    public async Task Our_deadline_ends_our_waiting_and_not_the_run()
    {
        (await Shell.RunAsync(Begin(1) with { Deadline = TimeSpan.FromSeconds(1) })).ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.DeadlineExceeded);

        await File.WriteAllTextAsync(_file, "");

        (await Shell.RunAsync(Begin(1))).IsOk.ShouldBeTrue();
        Beginnings().ShouldBe(1);
    }

    [Fact]
    public async Task Two_connections_that_race_begin_a_run_once()
    {
        await using var other = await ShellUnderTest.ForAsync(host.Sshd);
        await File.WriteAllTextAsync(_file, "");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? Shell : other).RunAsync(Begin(1))));

        outcomes.Distinct().ShouldHaveSingleItem().ShouldBe(new ShellOutcome.Completed(0, "finished\n", ""));
        Beginnings().ShouldBe(1);
    }

    [Fact]
    public async Task Of_racing_epochs_none_runs_after_a_higher_one_has()
    {
        var log = _file + ".log";
        var append = new RemoteScript("test", "echo \"$2\" >>\"$1\"");
        await using var other = await ShellUnderTest.ForAsync(host.Sshd);

        var outcomes = await Task.WhenAll(new[] { 4, 1, 6, 2, 5, 3, 7, 1 }.Select((epoch, i) =>
            (i % 2 == 0 ? Shell : other).RunAsync(ShellCommand.Of(append, log, $"{epoch}") with { Fence = new Cluster.Shell.Fence(_scope, epoch) })));

        var ran = (await File.ReadAllLinesAsync(log)).Select(int.Parse).ToArray();
        ran.ShouldBe(ran.Order());
        ran[^1].ShouldBe(7);
        outcomes.Count(outcome => outcome.IsOk).ShouldBe(ran.Length);
        outcomes.Where(outcome => !outcome.IsOk).ShouldAllBe(outcome => outcome is ShellOutcome.Refused);
    }

    [Fact]
    public async Task Client_that_slept_past_its_time_is_refused()
    {
        await using var sleeper = await ShellUnderTest.ForAsync(host.Sshd);
        (await sleeper.RunAsync(Touch(5, "before"))).IsOk.ShouldBeTrue();
        ProcessTree.Signal("STOP", sleeper.FindMasters());
        var late = sleeper.RunAsync(Touch(5, "late"));

        (await Shell.RunAsync(Touch(6, "newer"))).IsOk.ShouldBeTrue();
        ProcessTree.Signal("CONT", sleeper.FindMasters());

        (await late).ShouldBe(new ShellOutcome.Refused(6));
        File.Exists(_file + "late").ShouldBeFalse();
    }

    [Fact]
    public async Task Older_command_that_does_not_end_is_ended_for_the_newer_one()
    {
        var impatient = new FencedShell(Shell.Ssh, Shell.Topology, TimeSpan.FromSeconds(1));
        var older = impatient.RunAsync(ShellUnderTest.Spark, Begin(1), CancellationToken.None);
        await UntilBegunAsync();

        var newer = await impatient.RunAsync(ShellUnderTest.Spark, Touch(2, "newer"), CancellationToken.None).DefaultTimeout();

        newer.IsOk.ShouldBeTrue();
        (await older.DefaultTimeout()).ShouldBeOfType<ShellOutcome.Completed>().ExitCode.ShouldBe(143);
        (await Shell.Shell.LookAtRunAsync(ShellUnderTest.Spark, _run, CancellationToken.None)).ShouldBeOfType<RunLook.Ended>();
    }

    [Fact]
    public async Task Older_command_that_does_not_obey_is_killed_with_all_that_belongs_to_it()
    {
        var impatient = new FencedShell(Shell.Ssh, Shell.Topology, TimeSpan.FromSeconds(1));
        var stubborn = new RemoteScript("test", $"trap '' TERM\n{Work}");
        var older = impatient.RunAsync(ShellUnderTest.Spark, ShellCommand.Of(stubborn, _file) with { RunId = _run, Fence = new Cluster.Shell.Fence(_scope, 1) }, CancellationToken.None);
        await UntilBegunAsync();

        var newer = await impatient.RunAsync(ShellUnderTest.Spark, Touch(2, "newer"), CancellationToken.None).DefaultTimeout();

        newer.IsOk.ShouldBeTrue();
        (await older.DefaultTimeout()).ShouldBeOfType<ShellOutcome.Unknown>();
        (await Shell.Shell.LookAtRunAsync(ShellUnderTest.Spark, _run, CancellationToken.None)).ShouldBe(new RunLook.Lost());
        await File.WriteAllTextAsync(_file, "");
        ProcessTree.FindGroups(Path.Combine(State, "runs", _run.Value)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_command_leaves_behind_in_the_background_does_not_hold_its_scope()
    {
        var leaver = new RemoteScript("test", "sleep 30 >/dev/null 2>&1 & echo $!");
        var left = (await Shell.RunAsync(ShellCommand.Of(leaver) with { Fence = new Cluster.Shell.Fence(_scope, 1), RunId = _run })).ShouldBeOfType<ShellOutcome.Completed>();
        try
        {
            (await Shell.RunAsync(Touch(2, "next") with { Deadline = TimeSpan.FromSeconds(5) })).IsOk.ShouldBeTrue();
        }
        finally
        {
            ProcessTree.Signal("KILL", [int.Parse(left.Output)]);
        }
    }

    [Fact]
    public async Task Flood_of_output_is_kept_on_the_host_and_cut_on_the_way()
    {
        var flood = new RemoteScript("test", "head -c 30000000 /dev/zero | tr '\\0' 'x'; printf 'ab🙂' >&2");
        var command = ShellCommand.Of(flood) with { RunId = _run, OutputLimit = 4 };

        (await Shell.RunAsync(command)).ShouldBe(new ShellOutcome.Completed(0, "xxxx", "ab") { IsTruncated = true });

        var again = (await Shell.RunAsync(command with { OutputLimit = 1 << 20 })).ShouldBeOfType<ShellOutcome.Completed>();
        again.Output.Length.ShouldBe(1 << 20);
        again.Errors.ShouldBe("ab🙂");
        again.IsTruncated.ShouldBeTrue();
    }

    [Fact]
    public async Task Exit_code_255_of_a_run_is_certain()
    {
        var command = ShellCommand.Of(new RemoteScript("test", "exit 255"));

        (await Shell.RunAsync(command)).ShouldBeOfType<ShellOutcome.Unknown>();
        (await Shell.RunAsync(command with { RunId = _run })).ShouldBe(new ShellOutcome.Completed(255, "", ""));
    }

    [Fact]
    public async Task T01_hostile_words_pass_the_fence_unchanged()
    {
        foreach (var words in HostileText.Words.Sample(30, 200).Chunk(100))
        {
            var command = ShellCommand.Of(["printf", "%s\\0", .. words]);
            var ordinary = await Shell.RunAsync(command);

            (await Shell.RunAsync(command with { Fence = new Cluster.Shell.Fence(_scope, 1) })).ShouldBe(ordinary);
            ordinary.ShouldBeOfType<ShellOutcome.Completed>().Output.ShouldBe(string.Concat(words.Select(word => word + "\0")));
        }
    }

    [Fact]
    public async Task T15_what_stays_on_the_host_is_for_its_owner_only_and_without_the_words()
    {
        await Shell.RunAsync(ShellCommand.Of("printf", "%s", "a-secret-word") with { Fence = new Cluster.Shell.Fence(_scope, 1) });
        await Shell.RunAsync(ShellCommand.Of("true", "a-secret-word") with { Fence = new Cluster.Shell.Fence(_scope, 1), RunId = _run });

        File.GetUnixFileMode(State).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(State, "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllTextAsync(file)).ShouldNotContain("a-secret-word");
        }

        Directory.EnumerateFileSystemEntries(Path.Combine(State, "runs"), "once-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_runs_are_forgotten_and_running_ones_are_not()
    {
        var running = Shell.RunAsync(Begin(1));
        await UntilBegunAsync();
        var old = Path.Combine(State, "runs", $"old-{Guid.NewGuid():n}");
        Directory.CreateDirectory(old);
        Directory.SetLastWriteTimeUtc(old, DateTime.UnixEpoch);
        Directory.SetLastWriteTimeUtc(Path.Combine(State, "runs", _run.Value), DateTime.UnixEpoch);

        await Shell.RunAsync(ShellCommand.Of("true") with { RunId = RunId.Parse($"next-{Guid.NewGuid():n}") });

        Directory.Exists(old).ShouldBeFalse();
        await File.WriteAllTextAsync(_file, "");
        (await running).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task No_more_runs_are_kept_than_two_hundred()
    {
        for (var i = 0; i < 210; i++)
        {
            Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(Path.Combine(State, "runs", $"kept-{i}")).FullName, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1).AddSeconds(i));
        }

        await Shell.RunAsync(ShellCommand.Of("true") with { RunId = _run });

        Directory.GetDirectories(Path.Combine(State, "runs")).Length.ShouldBeInRange(190, 210);
        Directory.Exists(Path.Combine(State, "runs", "kept-0")).ShouldBeFalse();
        Directory.Exists(Path.Combine(State, "runs", "kept-209")).ShouldBeTrue();
    }

    [Fact]
    public async Task Epoch_file_that_is_damaged_lets_nothing_run()
    {
        await Shell.RunAsync(Touch(1, "first"));
        await File.WriteAllTextAsync(Path.Combine(State, "scopes", $"{_scope}.epoch"), "");

        var outcome = await Shell.RunAsync(Touch(2, "second"));

        var fault = outcome.ShouldBeOfType<ShellOutcome.NotStarted>().Fault;
        fault.Kind.ShouldBe(HostFaultKind.NotPrepared);
        fault.Advice!.ShouldContain($"{_scope}.epoch");
        File.Exists(_file + "second").ShouldBeFalse();
    }

    [Theory]
    [InlineData("flock")]
    [InlineData("setsid")]
    public async Task Host_without_a_needed_program_says_so_and_runs_nothing(string missing)
    {
        await using var sshd = await SshdFixture.StartAsync(new SshdSetup { Environment = Programs.Without(host.Sshd.Home, missing) });
        await using var shell = await ShellUnderTest.ForAsync(sshd);

        var outcome = await shell.RunAsync(ShellCommand.Of("touch", "canary") with { Fence = new Cluster.Shell.Fence(Scope, 1) });

        var fault = outcome.ShouldBeOfType<ShellOutcome.NotStarted>().Fault;
        fault.Kind.ShouldBe(HostFaultKind.NotPrepared);
        fault.Message.ShouldContain(missing);
        fault.Advice!.ShouldContain("util-linux");
        File.Exists(Path.Combine(sshd.Home, "canary")).ShouldBeFalse();
    }

    [Fact]
    public async Task Home_that_cannot_be_written_says_so_and_runs_nothing()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        await File.WriteAllTextAsync(Path.Combine(sshd.Home, ".local"), "a file where a folder should be");

        var outcome = await shell.RunAsync(ShellCommand.Of("touch", "canary") with { Fence = new Cluster.Shell.Fence(Scope, 1) });

        outcome.ShouldBeOfType<ShellOutcome.NotStarted>().Fault.Message.ShouldContain(".local/state/appliance");
        File.Exists(Path.Combine(sshd.Home, "canary")).ShouldBeFalse();
        (await shell.Shell.ReadEpochAsync(ShellUnderTest.Spark, Scope, CancellationToken.None)).ShouldBe(new EpochLook.Seen(0));
    }

    private ShellCommand Begin(long epoch) => ShellCommand.Of(new RemoteScript("test", Work), _file) with { RunId = _run, Fence = new Cluster.Shell.Fence(_scope, epoch) };

    private ShellCommand Touch(long epoch, string suffix) => ShellCommand.Of("touch", _file + suffix) with { Fence = new Cluster.Shell.Fence(_scope, epoch) };

    private int Beginnings() => File.ReadAllLines(_file + ".begun").Length;

    /// <summary>Waits on the host for the work's first sign.</summary>
    private async Task UntilBegunAsync() =>
        (await Shell.RunScriptAsync("while [ ! -e \"$1.begun\" ]; do sleep 0.02; done", _file)).IsOk.ShouldBeTrue();
}
