using System.Collections.Immutable;

namespace Appliance.Cluster.Recipes;

/// <summary>What came out of reading a file of recipes.</summary>
/// <param name="Recipes">The recipes; empty when there is a problem.</param>
/// <param name="Problems">What is wrong, one sentence each with line and column.</param>
public sealed record RecipeFileReading(ImmutableArray<Recipe> Recipes, ImmutableArray<string> Problems)
{
    /// <summary>No recipes, no problems.</summary>
    public static RecipeFileReading Empty { get; } = new([], []);
}
