using System.Collections.Immutable;

namespace Appliance.Cluster.Models;

/// <summary>Finds the model that a person or a program means. Pure.</summary>
public static class ModelNames
{
    /// <summary>By id, repo, served name or human name, without regard to case; null when nothing on the menu has that name.</summary>
    public static ModelCard? Find(ImmutableArray<ModelCard> models, string name) => models.FirstOrDefault(card =>
        new[] { card.Id.Value, card.Repo.ToString(), card.Recipe?.ServedName, card.Name }.Contains(name, StringComparer.OrdinalIgnoreCase));
}
