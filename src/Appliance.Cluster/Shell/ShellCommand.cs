using System.Collections.Immutable;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.Shell;

/// <summary>
/// A command for a host: words, never a shell line. Adapters quote the words in one place. Words may hold anything but NUL and lone surrogates;
/// adapters refuse those with <see cref="ArgumentException"/>, because .NET would silently cut or change them (reliability.md 0.1 c).
/// </summary>
public sealed record ShellCommand
{
    /// <summary>The program and its arguments. For a <see cref="Script"/>: the script's positional parameters only.</summary>
    public required ImmutableArray<string> Words { get; init; }

    /// <summary>A POSIX-sh script of ours to run instead of a program; null for a plain program.</summary>
    public RemoteScript? Script { get; init; }

    /// <summary>Where the command runs; null is the login directory.</summary>
    public RemotePath? WorkingDirectory { get; init; }

    /// <summary>The epoch under which the command changes the host; null for a command that changes nothing.</summary>
    public Fence? Fence { get; init; }

    /// <summary>
    /// Makes the command run detached from the connection and at most once per host: the same id again waits for the one that runs, or answers what the
    /// one that ran has left (kept 30 days), and starts nothing. Null is an ordinary command.
    /// </summary>
    public RunId? RunId { get; init; }

    /// <summary>After this long the command is given up and its outcome is <see cref="ShellOutcome.Unknown"/>; what runs on the host goes on. Default 30 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Output beyond this many bytes (per stream) is dropped and marked. Default 1 MiB.</summary>
    public int OutputLimit { get; init; } = 1 << 20;

    /// <summary>A program with its arguments.</summary>
    public static ShellCommand Of(params ImmutableArray<string> words) => new() { Words = words };

    /// <summary>A script of ours with its positional parameters.</summary>
    public static ShellCommand Of(RemoteScript script, params ImmutableArray<string> parameters) => new() { Words = parameters, Script = script };
}
