using System.Collections.Immutable;

namespace Appliance.Cluster.Routing;

/// <summary>The owner's aliases: for each a list of models, the preferred one first. Immutable.</summary>
public sealed record ModelAliases
{
    /// <summary>Nothing chosen: the built-in aliases mean what they mean by themselves.</summary>
    public static ModelAliases None { get; } = new();

    /// <summary>The lists by alias, in lower case. An alias without a model in its list is not among them.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Lists { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>The models of an alias, the preferred one first; empty when there is no such list. The name may be in any case.</summary>
    public ImmutableArray<string> Find(string alias) => Lists.GetValueOrDefault(alias.ToLowerInvariant(), []);

    /// <summary>These lists with one replaced; an empty one takes the alias away.</summary>
    public ModelAliases With(string alias, ImmutableArray<string> models) =>
        new() { Lists = models.IsEmpty ? Lists.Remove(alias) : Lists.SetItem(alias, models) };
}
