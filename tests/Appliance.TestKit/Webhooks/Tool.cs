using System.Diagnostics;
using Appliance.TestKit.Time;

namespace Appliance.TestKit.Webhooks;

/// <summary>Runs a program of the machine to its end, for checks by somebody else's code.</summary>
public static class Tool
{
    /// <summary>Its output; throws with what it said when it ends with another code than 0.</summary>
    public static async Task<string> RunAsync(string folder, string program, ReadOnlyMemory<byte> input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync().DefaultTimeout();
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{await errors}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
