using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.TestKit.Hosts;

/// <summary>
/// What every <see cref="IHostShell"/> promises, in commands that simulated machines understand too. An implementation's test class derives from
/// this one, supplies the properties and inherits the facts.
/// </summary>
public abstract class HostShellContract
{
    private const string NoSuchContainer = "no-such-container";

    protected abstract IHostShell Shell { get; }

    /// <summary>A host that answers and has docker, without a container of that name.</summary>
    protected abstract HostId Host { get; }

    /// <summary>A defined host that does not answer.</summary>
    protected abstract HostId UnreachableHost { get; }

    /// <summary>The product's <c>look-at-server</c>.</summary>
    protected abstract RemoteScript LookAtServer { get; }

    [Fact]
    public async Task Program_output_and_exit_code_come_back()
    {
        var outcome = await RunAsync(Host, ShellCommand.Of("docker", "ps", "-a", "--format", "{{.Names}}"));

        var completed = outcome.ShouldBeOfType<ShellOutcome.Completed>();
        completed.ExitCode.ShouldBe(0);
        completed.Output.Split('\n').ShouldNotContain(NoSuchContainer);
        completed.IsTruncated.ShouldBeFalse();
    }

    [Fact]
    public async Task Failing_program_reports_its_exit_code_and_its_error_text()
    {
        var outcome = await RunAsync(Host, ShellCommand.Of("docker", "stop", NoSuchContainer));

        var completed = outcome.ShouldBeOfType<ShellOutcome.Completed>();
        completed.ExitCode.ShouldBe(1);
        completed.Output.ShouldBeEmpty();
        completed.Errors.ShouldContain(NoSuchContainer);
    }

    [Fact]
    public async Task Unknown_program_ends_with_127()
    {
        var outcome = await RunAsync(Host, ShellCommand.Of("appliance-has-no-such-program"));

        outcome.ShouldBeOfType<ShellOutcome.Completed>().ExitCode.ShouldBe(127);
    }

    [Fact]
    public async Task Script_gets_its_parameters()
    {
        var outcome = await RunAsync(Host, ShellCommand.Of(LookAtServer, NoSuchContainer));

        outcome.ShouldBeOfType<ShellOutcome.Completed>().Output.Trim().ShouldBe("gone");
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_dropped_and_marked()
    {
        var outcome = await RunAsync(Host, ShellCommand.Of("docker", "stop", NoSuchContainer) with { OutputLimit = 5 });

        var completed = outcome.ShouldBeOfType<ShellOutcome.Completed>();
        completed.Errors.Length.ShouldBe(5);
        completed.IsTruncated.ShouldBeTrue();
    }

    [Fact]
    public async Task Followed_lines_arrive_without_their_ends_and_the_outcome_carries_none()
    {
        var lines = new List<string>();

        var outcome = await Shell.FollowAsync(Host, ShellCommand.Of("docker", "logs", "--tail", "1", NoSuchContainer), lines.Add, CancellationToken.None).DefaultTimeout();

        outcome.ShouldBe(new ShellOutcome.Completed(1, "", ""));
        lines.ShouldHaveSingleItem().ShouldContain(NoSuchContainer);
        lines[0].ShouldNotContain("\n");
    }

    [Fact]
    public async Task Undefined_host_starts_nothing()
    {
        var outcome = await RunAsync(HostId.Parse("nobody-defined-this"), ShellCommand.Of("docker", "ps"));

        outcome.ShouldBeOfType<ShellOutcome.NotStarted>().Fault.Kind.ShouldBe(HostFaultKind.Unreachable);
    }

    [Fact]
    public async Task Unreachable_host_starts_nothing_and_says_so_in_a_sentence()
    {
        var outcome = await RunAsync(UnreachableHost, ShellCommand.Of("docker", "ps"));

        var fault = outcome.ShouldBeOfType<ShellOutcome.NotStarted>().Fault;
        fault.Kind.ShouldBe(HostFaultKind.Unreachable);
        fault.Message.ShouldEndWith(".");
    }

    [Fact]
    public async Task Cancelled_command_throws() =>
        await Should.ThrowAsync<OperationCanceledException>(
            () => Shell.RunAsync(Host, ShellCommand.Of("docker", "ps"), new CancellationToken(canceled: true)).DefaultTimeout());

    // Not a theory: half a surrogate pair does not survive the way of test data through the runner.
    [Fact]
    public async Task Word_that_cannot_be_sent_unchanged_is_refused()
    {
        foreach (var word in new[] { "a\0b", "\ud83d", "\ude00 x" })
        {
            await Should.ThrowAsync<ArgumentException>(() => RunAsync(Host, ShellCommand.Of("docker", "stop", word)));
        }
    }

    private Task<ShellOutcome> RunAsync(HostId host, ShellCommand command) => Shell.RunAsync(host, command, CancellationToken.None).DefaultTimeout();
}
