using System.Collections.Immutable;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Recipes;

/// <summary>The recipes that ship with the appliance (<c>catalog.yaml</c>), read once.</summary>
public static class RecipeCatalog
{
    /// <summary>The recipes. A catalog with a problem is a defect of the build and throws <see cref="InvalidOperationException"/>; a test keeps it away.</summary>
    public static ImmutableArray<Recipe> Recipes { get; } = Load();

    private static ImmutableArray<Recipe> Load()
    {
        using var stream = typeof(RecipeCatalog).Assembly.GetManifestResourceStream(typeof(RecipeCatalog), "catalog.yaml")
            ?? throw new InvalidOperationException("catalog.yaml is not embedded.");
        using var reader = new StreamReader(stream);
        var read = RecipeFile.Read(GuardedYaml.Read(reader.ReadToEnd()), RecipeSource.Catalog);
        return read.Problems.IsEmpty ? read.Recipes : throw new InvalidOperationException($"catalog.yaml: {string.Join(' ', read.Problems)}");
    }
}
