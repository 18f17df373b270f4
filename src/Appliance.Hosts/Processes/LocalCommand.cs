using System.Collections.Immutable;

namespace Appliance.Hosts.Processes;

/// <summary>A program of this machine. Arguments are ours, never a host's or a person's: .NET cuts an argument at NUL (reliability.md 0.1 c).</summary>
internal sealed record LocalCommand
{
    public required string Program { get; init; }

    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>Written to standard input, which is then closed; empty means end of file at once, never our own standard input (0.1 g).</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    public required TimeSpan Deadline { get; init; }
}
