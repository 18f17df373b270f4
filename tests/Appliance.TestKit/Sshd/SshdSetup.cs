using System.Collections.Immutable;

namespace Appliance.TestKit.Sshd;

/// <summary>What a test wants of its sshd.</summary>
public sealed record SshdSetup
{
    /// <summary>Set for every login, over what the system sets. PATH and HOME may be among them.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>A program that stands in for the login shell; it finds the command line in SSH_ORIGINAL_COMMAND.</summary>
    public string? LoginProgram { get; init; }

    /// <summary>sshd's own default is 10.</summary>
    public int MaxSessions { get; init; } = 10;
}
