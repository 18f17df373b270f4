using Appliance.Cluster.Recipes;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Tests.Engines;
using Appliance.Cluster.Topology;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

/// <summary>What the guides show must work when it is copied.</summary>
public class GuideExampleTests
{
    [Fact]
    public void The_recipes_in_the_guide_are_good()
    {
        foreach (var example in Examples("recipes.md"))
        {
            var reading = RecipeFile.Read(GuardedYaml.Read(example), RecipeSource.Operator);

            reading.Problems.ShouldBeEmpty();
            reading.Recipes.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void The_clusters_in_the_guide_are_good()
    {
        var examples = Examples("cluster-yaml.md");

        ClusterFile.Read(GuardedYaml.Read(examples[0]), Home.Cluster with { Lanes = [Home.Main] }).Problems.ShouldBeEmpty();
        ClusterFile.Read(GuardedYaml.Read(examples[1]), ClusterDefinition.Empty).Definition.ShouldNotBeNull().Services.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_fixed_aliases_in_the_guide_are_good()
    {
        var example = Examples("names-and-aliases.md", 1)[0];

        ClusterFile.Read(GuardedYaml.Read(example), Home.Cluster).Definition.ShouldNotBeNull().Aliases.Select(alias => alias.Port).ShouldBe(Enumerable.Range(8100, 10));
    }

    private static string[] Examples(string guide, int count = 2)
    {
        var parts = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", guide)).Split("```");
        string[] examples = [.. parts.Where(part => part.StartsWith("yaml\n", StringComparison.Ordinal)).Select(part => part["yaml\n".Length..])];
        examples.Length.ShouldBe(count);
        return examples;
    }
}
