using Appliance.Cluster.Models;
using Appliance.Cluster.Recipes;

namespace Appliance.Models;

internal sealed record RecipeWire
{
    public required string Repo { get; init; }

    public required string Name { get; init; }

    public required string ServedName { get; init; }

    public required RecipePlacement Mode { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<string> Mods { get; init; }

    public string? Image { get; init; }

    public required IReadOnlyList<Capability> Capabilities { get; init; }

    public int? ContextLength { get; init; }

    public required RecipeSource Source { get; init; }

    // The environment is left out: operators put tokens there.
    public static RecipeWire From(Recipe recipe) => new()
    {
        Repo = recipe.Repo.ToString(),
        Name = recipe.Name,
        ServedName = recipe.ServedName,
        Mode = recipe.Placement,
        Arguments = recipe.Arguments,
        Mods = recipe.Mods,
        Image = recipe.Image,
        Capabilities = recipe.Capabilities,
        ContextLength = recipe.ContextLength,
        Source = recipe.Source,
    };
}
