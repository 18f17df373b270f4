using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>What a command does over a connection that works. Traps a to g: reliability.md 0.1.</summary>
public sealed class SshHostShellTests(SharedHost host) : IClassFixture<SharedHost>
{
    private ShellUnderTest Shell => host.Shell;

    [Fact]
    public async Task Trap_a_words_with_spaces_and_semicolons_stay_words()
    {
        var outcome = await Shell.RunAsync("printf", "%s|", "a b", "c;touch canary");

        outcome.ShouldBe(new ShellOutcome.Completed(0, "a b|c;touch canary|", ""));
        File.Exists(Path.Combine(host.Sshd.Home, "canary")).ShouldBeFalse();
    }

    [Fact]
    public async Task Trap_c_word_that_NET_would_change_is_refused_before_anything_runs()
    {
        await Should.ThrowAsync<ArgumentException>(() => Shell.RunAsync("printf", "%s", "a\0;b"));
        await Should.ThrowAsync<ArgumentException>(() => Shell.RunAsync("printf", "%s", "\ud83d"));
    }

    [Fact]
    public async Task Trap_f_argument_up_to_the_kernels_limit_arrives()
    {
        var outcome = await Shell.RunAsync("printf", "%s", new string('x', 131_000));

        outcome.ShouldBeOfType<ShellOutcome.Completed>().Output.Length.ShouldBe(131_000);
    }

    [Fact]
    public async Task Trap_f_argument_beyond_the_kernels_limit_is_an_ordinary_failure()
    {
        var outcome = await Shell.RunAsync("printf", "%s", new string('x', 132_000));

        var completed = outcome.ShouldBeOfType<ShellOutcome.Completed>();
        completed.ExitCode.ShouldBe(126);
        completed.Errors.ShouldContain("too long");
    }

    [Fact]
    public async Task Trap_f_script_parameter_has_no_such_limit()
    {
        var outcome = await Shell.RunScriptAsync("printf '%s' \"${#1}\"", new string('x', 1_000_000));

        outcome.ShouldBe(new ShellOutcome.Completed(0, "1000000", ""));
    }

    [Fact]
    public async Task Trap_g_program_that_reads_standard_input_finds_its_end()
    {
        (await Shell.RunAsync("cat")).ShouldBe(new ShellOutcome.Completed(0, "", ""));

        (await Shell.RunScriptAsync("cat\nprintf 'still here'")).ShouldBe(new ShellOutcome.Completed(0, "still here", ""));
    }

    [Fact]
    public async Task Both_streams_and_the_exit_code_come_back()
    {
        var outcome = await Shell.RunScriptAsync("printf out; printf err >&2; exit 3");

        outcome.ShouldBe(new ShellOutcome.Completed(3, "out", "err"));
    }

    [Fact]
    public async Task Exit_code_255_is_unknown() =>
        (await Shell.RunScriptAsync("exit 255")).ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.ConnectionLost);

    [Fact]
    public async Task Command_that_speaks_like_a_refused_login_is_not_taken_for_one() =>
        (await Shell.RunScriptAsync("echo 'bob@worker: Permission denied (publickey).' >&2; exit 255")).ShouldBeOfType<ShellOutcome.Unknown>();

    [Fact]
    public async Task Unknown_program_ends_with_127() =>
        (await Shell.RunAsync("appliance-has-no-such-program")).ShouldBeOfType<ShellOutcome.Completed>().ExitCode.ShouldBe(127);

    [Fact]
    public async Task Working_directory_is_entered_whatever_its_name()
    {
        var name = "it's \"my\" $folder; 🙂";
        Directory.CreateDirectory(Path.Combine(host.Sshd.Home, name));

        var belowHome = await Shell.RunAsync(ShellCommand.Of("pwd") with { WorkingDirectory = RemotePath.Parse($"~/{name}") });
        var absolute = await Shell.RunAsync(ShellCommand.Of("pwd") with { WorkingDirectory = RemotePath.Parse($"{host.Sshd.Home}/{name}") });
        var home = await Shell.RunAsync(ShellCommand.Of("pwd") with { WorkingDirectory = RemotePath.Parse("~") });

        belowHome.ShouldBe(new ShellOutcome.Completed(0, $"{host.Sshd.Home}/{name}\n", ""));
        absolute.ShouldBe(belowHome);
        home.ShouldBe(new ShellOutcome.Completed(0, $"{host.Sshd.Home}\n", ""));
    }

    [Fact]
    public async Task Missing_working_directory_fails_and_runs_nothing()
    {
        var outcome = await Shell.RunAsync(ShellCommand.Of("touch", "canary") with { WorkingDirectory = RemotePath.Parse("~/nowhere") });

        var completed = outcome.ShouldBeOfType<ShellOutcome.Completed>();
        completed.ExitCode.ShouldBe(1);
        completed.Errors.ShouldContain("nowhere");
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_dropped_and_marked()
    {
        var outcome = await Shell.RunAsync(ShellCommand.Of("printf", "%s", "ab🙂") with { OutputLimit = 4 });

        outcome.ShouldBe(new ShellOutcome.Completed(0, "ab", "") { IsTruncated = true });
    }

    [Fact]
    public async Task Flood_of_output_ends_with_the_program()
    {
        var outcome = await Shell.RunScriptAsync("head -c 30000000 /dev/zero | tr '\\0' 'x'");

        var completed = outcome.ShouldBeOfType<ShellOutcome.Completed>();
        completed.Output.Length.ShouldBe(1 << 20);
        completed.IsTruncated.ShouldBeTrue();
    }

    [Fact]
    public async Task Followed_lines_of_both_streams_arrive_one_by_one()
    {
        var lines = new List<string>();
        var command = ShellCommand.Of(new RemoteScript("test", "printf 'one\\n\\ntwo\\r\\n10%%\\r20%%\\r'; printf 'rest'; sleep 0.1; printf 'err\\n' >&2"));

        var outcome = await Shell.Shell.FollowAsync(ShellUnderTest.Spark, command, lines.Add, CancellationToken.None).DefaultTimeout();

        outcome.ShouldBe(new ShellOutcome.Completed(0, "", ""));
        lines.Order(StringComparer.Ordinal).ShouldBe(["", "10%", "20%", "err", "one", "rest", "two"]);
    }

    [Fact]
    public async Task Followed_line_arrives_while_the_command_runs()
    {
        using var stop = new CancellationTokenSource();

        var running = await Shell.StartScriptAsync("echo on; exec sleep 60", stop.Token);

        running.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.DefaultTimeout());
    }

    [Fact]
    public async Task Followed_line_is_cut_at_8_KiB()
    {
        var lines = new List<string>();
        var command = ShellCommand.Of(new RemoteScript("test", "head -c 5000000 /dev/zero | tr '\\0' 'x'; echo; echo next"));

        await Shell.Shell.FollowAsync(ShellUnderTest.Spark, command, lines.Add, CancellationToken.None).DefaultTimeout();

        lines.Select(line => line.Length).ShouldBe([8192, 4]);
    }

    [Fact]
    public async Task Receiver_that_throws_ends_the_command()
    {
        var command = ShellCommand.Of(new RemoteScript("test", "while :; do echo x; done"));

        await Should.ThrowAsync<InvalidTimeZoneException>(
            () => Shell.Shell.FollowAsync(ShellUnderTest.Spark, command, _ => throw new InvalidTimeZoneException(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15), TimeProvider.System));
    }
}
