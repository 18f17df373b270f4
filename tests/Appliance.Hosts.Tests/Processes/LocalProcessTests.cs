using System.Text;
using Appliance.Hosts.Processes;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Processes;

public sealed class LocalProcessTests
{
    [Fact]
    public async Task Trap_i_grandchild_that_keeps_the_streams_does_not_keep_us()
    {
        var output = new OutputBuffer(100);

        var exitCode = await RunAsync("sleep 20 & echo done", output).WaitAsync(TimeSpan.FromSeconds(15), TimeProvider.System);

        exitCode.ShouldBe(0);
        output.ReadText().ShouldBe("done\n");
    }

    [Fact]
    public async Task Deadline_kills_the_whole_tree()
    {
        var output = new OutputBuffer(100);

        var exitCode = await RunAsync("sleep 30 & echo $!; wait", output, TimeSpan.FromSeconds(0.5)).DefaultTimeout();

        exitCode.ShouldBeNull();
        // Gone, or dead and not yet collected by its new parent.
        var stat = $"/proc/{output.ReadText().Trim()}/stat";
        (!File.Exists(stat) || (await File.ReadAllTextAsync(stat)).Contains(") Z ", StringComparison.Ordinal)).ShouldBeTrue();
    }

    [Fact]
    public async Task Cancellation_kills_and_throws()
    {
        using var stop = new CancellationTokenSource();
        var line = new TaskCompletionSource();
        var running = LocalProcess.RunAsync(
            Sh("echo on; sleep 30", TimeSpan.FromMinutes(1)), new LineSplitter(_ => line.TrySetResult(), new Lock()), new OutputBuffer(0), TimeProvider.System, stop.Token);
        await line.Task.DefaultTimeout();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running.DefaultTimeout());
    }

    [Fact]
    public async Task Input_reaches_the_program_and_ends()
    {
        var output = new OutputBuffer(100);
        var command = new LocalCommand { Program = "cat", Arguments = [], Input = Encoding.UTF8.GetBytes("grüße"), Deadline = TimeSpan.FromSeconds(30) };

        var exitCode = await LocalProcess.RunAsync(command, output, new OutputBuffer(0), TimeProvider.System, CancellationToken.None).DefaultTimeout();

        exitCode.ShouldBe(0);
        output.ReadText().ShouldBe("grüße");
    }

    [Fact]
    public async Task Program_that_ignores_its_input_is_no_error()
    {
        var command = new LocalCommand { Program = "true", Arguments = [], Input = new byte[1_000_000], Deadline = TimeSpan.FromSeconds(30) };

        (await LocalProcess.RunAsync(command, new OutputBuffer(0), new OutputBuffer(0), TimeProvider.System, CancellationToken.None).DefaultTimeout()).ShouldBe(0);
    }

    private static Task<int?> RunAsync(string script, OutputSink output, TimeSpan? deadline = null) =>
        LocalProcess.RunAsync(Sh(script, deadline ?? TimeSpan.FromSeconds(30)), output, new OutputBuffer(0), TimeProvider.System, CancellationToken.None);

    private static LocalCommand Sh(string script, TimeSpan deadline) => new() { Program = "/bin/sh", Arguments = ["-c", script], Deadline = deadline };
}
