using Appliance.Cluster.Shell;
using Appliance.TestKit.Files;
using Appliance.TestKit.Sshd;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>F-08: login shells that are no POSIX shell, that greet, or that refuse.</summary>
public sealed class LoginShellTests
{
    /// <summary>Understands words and nothing else: what fish, csh and sh have in common.</summary>
    private const string WordsOnly = """
        case $SSH_ORIGINAL_COMMAND in
        *[!A-Za-z0-9\ /-]*) echo "words-only: syntax error in $SSH_ORIGINAL_COMMAND" >&2; exit 2 ;;
        esac
        set -f
        # shellcheck disable=SC2086
        set -- $SSH_ORIGINAL_COMMAND
        [ "$1" = exec ] && shift
        exec "$@"
        """;

    [Fact]
    public async Task Login_shell_that_is_no_posix_shell_runs_commands_exactly()
    {
        var outcome = await RunAsync(WordsOnly, "printf", "%s|", "it's", "$HOME; `id`", "{a,b}", "");

        outcome.ShouldBe(new ShellOutcome.Completed(0, "it's|$HOME; `id`|{a,b}||", ""));
    }

    [Fact]
    public async Task Greeting_on_both_streams_is_not_output()
    {
        var outcome = await RunAsync($"printf 'Welcome to Spark 1!\\nno line end'; echo 'warning: disk 90%% full' >&2\n{WordsOnly}", "printf", "out");

        outcome.ShouldBe(new ShellOutcome.Completed(0, "out", ""));
    }

    [Fact]
    public async Task Greeting_longer_than_the_output_limit_leaves_the_output_whole()
    {
        var outcome = await RunAsync($"head -c 3000000 /dev/zero | tr '\\0' 'x'\n{WordsOnly}", "printf", "out");

        outcome.ShouldBe(new ShellOutcome.Completed(0, "out", ""));
    }

    [Fact]
    public async Task Login_that_runs_nothing_is_reported_in_its_own_words()
    {
        var outcome = await RunAsync("echo 'This account is currently not available.'; exit 1", "touch", "canary");

        var fault = outcome.ShouldBeOfType<ShellOutcome.NotStarted>().Fault;
        fault.Kind.ShouldBe(HostFaultKind.UnexpectedShell);
        fault.Advice.ShouldNotBeNull().ShouldContain("This account is currently not available.");
    }

    private static async Task<ShellOutcome> RunAsync(string login, params string[] words)
    {
        using var folder = new TemporaryFolder();
        var program = folder.File("login");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{login}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var sshd = await SshdFixture.StartAsync(new SshdSetup { LoginProgram = program });
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        return await shell.RunAsync(words);
    }
}
