using System.Collections.Immutable;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Recipes;

/// <summary>All recipes in force. Thread-safe; the list is replaced whole when the operator's file changes.</summary>
public interface IRecipeBook
{
    /// <summary>Every recipe, one per repo.</summary>
    ImmutableArray<Recipe> All { get; }

    /// <summary>What is wrong with the operator's file, one sentence each with line and column; empty when all is well. The last good recipes stay in force.</summary>
    ImmutableArray<string> Problems { get; }

    /// <summary>The recipe of a repo (owner and name compared without case), or null.</summary>
    Recipe? Find(RepoId repo);
}
