using System.Collections.Immutable;

namespace Appliance.Cluster.Routing;

/// <summary>What became of a wish to change aliases.</summary>
public abstract record AliasOutcome
{
    private AliasOutcome()
    {
    }

    /// <summary>They are in force, and durable.</summary>
    /// <param name="Aliases">All of them.</param>
    public sealed record Changed(ModelAliases Aliases) : AliasOutcome;

    /// <summary>Nothing was changed.</summary>
    /// <param name="Problems">Every mistake, not only the first.</param>
    public sealed record Refused(ImmutableArray<AliasProblem> Problems) : AliasOutcome;
}
