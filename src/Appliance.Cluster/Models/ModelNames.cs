using System.Collections.Immutable;
using Appliance.Cluster.Routing;
using Appliance.Cluster.View;

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

    /// <summary>
    /// The model that is meant when somebody asks to start <paramref name="name"/>: a model's own name, or an alias. An alias means the first of its models that
    /// answers, else the first that can be started, else the first there is; without a list, a model that can do its task. <c>default</c> and <c>auto</c> without
    /// a list name no model.
    /// </summary>
    public static ModelCard? Find(ClusterSnapshot snapshot, string name)
    {
        if (Find(snapshot.Models, name) is { } card)
        {
            return card;
        }

        return AliasName.TryParse(name, out var alias)
            ? snapshot.Aliases.Find(alias) is { IsEmpty: false } list
                ? Best([.. list.Select(model => Find(snapshot.Models, model)).OfType<ModelCard>()])
                : BuiltInAlias.Find(alias)?.Wants.Select(wanted => Best([.. snapshot.Models.Where(model => model.Capabilities.Contains(wanted))])).FirstOrDefault(found => found is not null)
            : null;
    }

    /// <summary>Of equals the first.</summary>
    private static ModelCard? Best(ImmutableArray<ModelCard> cards) => cards.MinBy(card => card switch
    {
        { State: ModelState.Live } => 0,
        { State: ModelState.Swapping } => 1,
        { State: ModelState.Ready, Fit: not { IsOk: false } } => 2,
        { State: ModelState.Ready } => 3,
        _ => 4,
    });
}
