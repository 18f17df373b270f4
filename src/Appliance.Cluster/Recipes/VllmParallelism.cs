using System.Collections.Immutable;

namespace Appliance.Cluster.Recipes;

/// <summary>The options by which vLLM splits a model over GPUs; a Spark has one GPU, so also over machines.</summary>
internal static class VllmParallelism
{
    public static readonly ImmutableArray<string> Options = ["--tensor-parallel-size", "--pipeline-parallel-size", "--data-parallel-size"];

    /// <summary>Whether the words already say how the model is split.</summary>
    public static bool IsStated(IReadOnlyList<string> words) => words.Any(word => RecipeWords.FindOption(word) is { } option && Options.Contains(option));
}
