using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Recipes;

/// <summary>How one model is served: everything the launcher needs that is not the lane's.</summary>
public sealed record Recipe
{
    /// <summary>The model.</summary>
    public required RepoId Repo { get; init; }

    /// <summary>The name people see, for example "Qwen3.6 35B".</summary>
    public required string Name { get; init; }

    /// <summary>The name under which the server answers; the repo unless the arguments name another (<c>--served-model-name</c>).</summary>
    public required string ServedName { get; init; }

    /// <summary>Where it can run.</summary>
    public required RecipePlacement Placement { get; init; }

    /// <summary>The words after <c>vllm serve &lt;repo&gt;</c>, without host and port, which are the lane's. They reach the server byte for byte.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Environment of the container. Values without blanks: the launcher splits them (spark-vllm-docker.md 1.2).</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Mods of the launcher to apply (folders below its checkout), in order.</summary>
    public ImmutableArray<string> Mods { get; init; } = [];

    /// <summary>The image this recipe needs; null takes the lane's.</summary>
    public string? Image { get; init; }

    /// <summary>What the model can do.</summary>
    public ImmutableArray<Capability> Capabilities { get; init; } = [];

    /// <summary>The longest prompt plus answer, in tokens; null when the recipe leaves it to the model.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Who wrote it.</summary>
    public required RecipeSource Source { get; init; }
}
