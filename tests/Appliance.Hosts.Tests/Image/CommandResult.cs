namespace Appliance.Hosts.Tests.Image;

/// <summary>What a program said and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public string All => Output + Errors;

    /// <summary>The trimmed output of a program that must have succeeded.</summary>
    public string Succeeded() =>
        ExitCode == 0 ? Output.Trim() : throw new InvalidOperationException($"Exit code {ExitCode}:\n{Output}\n{Errors}");
}
