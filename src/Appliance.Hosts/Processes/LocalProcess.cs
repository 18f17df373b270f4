using System.Diagnostics;

namespace Appliance.Hosts.Processes;

/// <summary>
/// Runs a program with a deadline on the process and, separately, on its streams: a grandchild that inherited a pipe keeps it open long after
/// the program has ended (reliability.md 0.1 i). The only place of the product that starts a process.
/// </summary>
internal static class LocalProcess
{
    /// <summary>How long streams may stay open after the program has ended. What comes later belongs to a grandchild.</summary>
    private static readonly TimeSpan StreamGrace = TimeSpan.FromSeconds(2);

    /// <summary>Runs to the end; null when the deadline passed and the process tree was killed. Cancellation kills it too and throws.</summary>
    public static async Task<int?> RunAsync(LocalCommand command, OutputSink output, OutputSink errors, TimeProvider time, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(command) };
        cancellationToken.ThrowIfCancellationRequested();
        process.Start();

        using var deadline = new CancellationTokenSource(command.Deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var giveUpStreams = new CancellationTokenSource();
        var streams = Task.WhenAll(
            FeedAsync(process, command.Input, giveUpStreams.Token),
            PumpAsync(process.StandardOutput.BaseStream, output, stop, giveUpStreams.Token),
            PumpAsync(process.StandardError.BaseStream, errors, stop, giveUpStreams.Token));
        try
        {
            await process.WaitForExitAsync(stop.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        finally
        {
            giveUpStreams.CancelAfter(StreamGrace);
            await streams;
            output.Complete();
            errors.Complete();
        }
    }

    private static ProcessStartInfo Describe(LocalCommand command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // No agent, no password dialog, and messages in the one language that SshFaults reads.
        start.Environment.Remove("SSH_AUTH_SOCK");
        start.Environment.Remove("SSH_ASKPASS");
        start.Environment.Remove("DISPLAY");
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            var stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(input, cancellationToken);
            await stream.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The program ended without reading all of it. Its exit code says what that means.
        }
    }

    private static async Task PumpAsync(Stream stream, OutputSink sink, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                sink.Write(buffer.AsSpan(0, count));
            }
        }
        catch (OperationCanceledException)
        {
            // A grandchild still holds the pipe: what the program itself wrote has been read.
        }
        catch
        {
            // The receiver failed and nobody reads any more: the program would wait for ever.
            await stop.CancelAsync();
            throw;
        }
    }
}
