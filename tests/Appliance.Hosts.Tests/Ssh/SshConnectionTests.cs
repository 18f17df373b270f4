using System.Diagnostics;
using Appliance.Cluster.Shell;
using Appliance.Hosts.Ssh;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>The shared connection, and what its loss means. Traps h to m: reliability.md 0.1; F-01, F-02, F-06.</summary>
public sealed class SshConnectionTests
{
    /// <summary>Waits for a word on the first pipe and passes it to the second one; both are pipes that the test holds.</summary>
    private const string PassOn = "echo on; read -r word <\"$1\"; printf '%s' \"$word\" >\"$2\"";

    [Fact]
    public async Task Trap_h_first_command_ends_although_the_connection_stays()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);

        (await shell.RunAsync("true")).IsOk.ShouldBeTrue();

        shell.FindMasters().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Commands_share_one_login()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shell.RunAsync("true")));

        outcomes.ShouldAllBe(outcome => outcome.IsOk);
        Logins(sshd).ShouldBe(1);
    }

    [Fact]
    public async Task Connection_ends_with_the_shell()
    {
        await using var sshd = await SshdFixture.StartAsync();
        var shell = await ShellUnderTest.ForAsync(sshd);
        await shell.RunAsync("true");
        var folder = shell.Runtime.Folder;
        using var master = Process.GetProcessById(shell.FindMasters().ShouldHaveSingleItem());

        await shell.DisposeAsync();

        await master.WaitForExitAsync().DefaultTimeout();
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Trap_i_command_whose_grandchild_keeps_the_streams_is_given_up_at_its_deadline()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        var command = ShellCommand.Of(new RemoteScript("test", "sleep 20 & echo done")) with { Deadline = TimeSpan.FromSeconds(1) };

        var outcome = await shell.RunAsync(command).WaitAsync(TimeSpan.FromSeconds(15), TimeProvider.System);

        outcome.ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.DeadlineExceeded);
    }

    [Fact]
    public async Task Deadline_gives_the_command_up_as_unknown_and_the_next_one_works()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);

        var outcome = await shell.RunAsync(ShellCommand.Of("sleep", "20") with { Deadline = TimeSpan.FromSeconds(0.5) });

        outcome.ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.DeadlineExceeded);
        (await shell.RunAsync("true")).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Trap_j_frozen_host_is_given_up_long_before_the_commands_deadline()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd, options => options.KeepAlive = TimeSpan.FromSeconds(1));
        var running = await shell.StartScriptAsync("echo on; exec sleep 60", CancellationToken.None);

        sshd.FreezeSessions();

        var outcome = await running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        outcome.ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.ConnectionLost);
    }

    [Fact]
    public async Task Trap_l_noise_about_refused_sessions_is_not_output()
    {
        await using var sshd = await SshdFixture.StartAsync(new SshdSetup { MaxSessions = 2 });
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        await shell.RunAsync("true");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shell.RunScriptAsync("sleep 0.5; printf out")));

        outcomes.ShouldAllBe(outcome => outcome == new ShellOutcome.Completed(0, "out", ""));
        Logins(sshd).ShouldBeGreaterThan(1, "no session was refused, so this test shows nothing");
    }

    [Fact]
    public async Task Trap_l_commands_beyond_the_limit_wait_and_then_are_refused()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd, options => (options.SessionsPerHost, options.WaitingPerHost) = (2, 1));
        using var stop = new CancellationTokenSource();
        var first = await shell.StartScriptAsync("echo on; exec sleep 60", stop.Token);
        var second = await shell.StartScriptAsync("echo on; exec sleep 60", stop.Token);
        var third = shell.RunAsync("printf", "my turn");

        var fourth = await shell.RunAsync("true");

        fourth.ShouldBeOfType<ShellOutcome.NotStarted>().Fault.Kind.ShouldBe(HostFaultKind.Overloaded);
        third.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        (await third).ShouldBe(new ShellOutcome.Completed(0, "my turn", ""));
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(first, second).DefaultTimeout());
    }

    [Fact]
    public async Task Trap_m_command_after_a_killed_master_connects_anew()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        await shell.RunAsync("true");

        ProcessTree.Signal("KILL", shell.FindMasters());

        (await shell.RunAsync("true")).IsOk.ShouldBeTrue();
        Logins(sshd).ShouldBe(2);
    }

    [Fact]
    public async Task Trap_m_socket_path_leaves_room_for_the_name_that_ssh_binds_first()
    {
        await using var shell = new ShellUnderTest(null);
        var endpoint = SshEndpoint.TryCreate(new() { Id = Cluster.Primitives.HostId.Parse(new string('x', 63)), Name = "x", Address = "192.168.1.20", User = "alice" })!;

        (shell.Runtime.ControlPath(endpoint).Length + 17).ShouldBeLessThan(108);
    }

    [Fact]
    public async Task Trap_m_what_a_killed_predecessor_left_is_swept_at_the_first_command()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        var stale = Path.Combine(shell.Runtime.Folder, "0123456789.sock");
        await File.WriteAllTextAsync(stale, "");

        await shell.RunAsync("true");

        File.Exists(stale).ShouldBeFalse();
    }

    [Fact]
    public async Task Runtime_folder_is_closed_to_others()
    {
        await using var shell = new ShellUnderTest(null);

        File.GetUnixFileMode(shell.Runtime.Folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_lost_in_mid_command_is_unknown_and_the_command_goes_on_over_there(bool atOurEnd)
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        var (gate, result) = (Path.Combine(sshd.Home, "gate"), Path.Combine(sshd.Home, "result"));
        (await shell.RunAsync("mkfifo", gate, result)).IsOk.ShouldBeTrue();
        var running = await shell.StartScriptAsync(PassOn, CancellationToken.None, gate, result);

        if (atOurEnd)
        {
            ProcessTree.Signal("KILL", shell.FindMasters());
        }
        else
        {
            sshd.CutSessions();
        }

        (await running.DefaultTimeout()).ShouldBeOfType<ShellOutcome.Unknown>().Fault.Kind.ShouldBe(HostFaultKind.ConnectionLost);
        await File.WriteAllTextAsync(gate, "finished\n").DefaultTimeout();
        (await File.ReadAllTextAsync(result).DefaultTimeout()).ShouldBe("finished");
    }

    private static int Logins(SshdFixture sshd) => sshd.ReadLog().Count(line => line.Contains("Accepted publickey", StringComparison.Ordinal));
}
