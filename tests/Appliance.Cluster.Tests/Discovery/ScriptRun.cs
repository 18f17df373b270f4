using System.Diagnostics;

namespace Appliance.Cluster.Tests.Discovery;

/// <summary>Runs a script of ours with a real shell of this machine, as a host would.</summary>
internal static class ScriptRun
{
    /// <summary>The POSIX shells that are here; <c>sh</c> always is. Not busybox: its shell runs its own <c>find</c> in place of the machine's.</summary>
    public static IReadOnlyList<string[]> Shells { get; } =
    [
        ["/bin/sh"],
        .. new string[][] { ["/usr/bin/dash"], ["/bin/bash", "--posix"] }.Where(shell => File.Exists(shell[0])),
    ];

    public static async Task<(int ExitCode, string Output)> RunAsync(
        string[] shell, string script, IReadOnlyList<string> parameters, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(shell[0]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])[.. shell[1..], "-s", "--", .. parameters])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
