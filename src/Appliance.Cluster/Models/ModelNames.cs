using System.Collections.Immutable;

namespace Appliance.Cluster.Models;

/// <summary>Finds a model by any of its names. Pure.</summary>
public static class ModelNames
{
    /// <summary>
    /// The card whose id, repo, served name or human name is <paramref name="name"/>, compared without case and in that order; null when there is none.
    /// </summary>
    public static ModelCard? Find(ImmutableArray<ModelCard> cards, string name)
    {
        name = name.Trim();
        return name.Length == 0
            ? null
            : First(card => card.Id.Value) ?? First(card => card.Repo.ToString()) ?? First(card => card.Recipe?.ServedName) ?? First(card => card.Name);

        ModelCard? First(Func<ModelCard, string?> nameOf) => cards.FirstOrDefault(card => string.Equals(nameOf(card), name, StringComparison.OrdinalIgnoreCase));
    }
}
