using System.Collections.Immutable;
using System.Diagnostics;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Recipes;
using Appliance.Ui;

namespace Appliance.Models;

/// <summary>The menu in words. Pure.</summary>
public static class ModelWords
{
    public static string State(ModelState state) => state switch
    {
        ModelState.Ready => "Ready",
        ModelState.Live => "Answering now",
        ModelState.Swapping => "Being started",
        ModelState.NeedsSetup => "Needs setup",
        ModelState.Incomplete => "Incomplete",
        ModelState.Downloading => "Being downloaded",
        ModelState.Deleting => "Being deleted",
        _ => throw new UnreachableException(),
    };

    public static Tone ToneOf(ModelState state) => state switch
    {
        ModelState.Live => Tone.Ok,
        ModelState.Swapping or ModelState.NeedsSetup or ModelState.Incomplete => Tone.Warm,
        ModelState.Downloading => Tone.Busy,
        ModelState.Ready or ModelState.Deleting => Tone.Off,
        _ => throw new UnreachableException(),
    };

    /// <summary>"24 GB · on Spark 1 and Spark 2".</summary>
    public static string Where(ModelCard model, Func<HostId, string> nameOf)
    {
        var names = model.Copies.Select(copy => nameOf(copy.Host)).ToArray();
        return names.Length == 0 ? model.Size.ToString() : $"{model.Size} · on {NumberWords.And(names)}";
    }

    /// <summary>What stands between the owner and this model; empty when nothing does.</summary>
    public static ImmutableArray<string> Obstacles(ModelCard model, Func<HostId, string> nameOf) => model.State switch
    {
        ModelState.Incomplete =>
        [
            .. model.Copies.Where(copy => !copy.IsComplete).Select(copy => $"{nameOf(copy.Host)}: {copy.Missing ?? "files"} missing."),
            "Download it again on that machine.",
        ],
        ModelState.NeedsSetup => ["Nobody has said how to serve it. Add a recipe for it to models.yaml, and it can be started."],
        ModelState.Ready or ModelState.Live or ModelState.Swapping or ModelState.Downloading or ModelState.Deleting => [],
        _ => throw new UnreachableException(),
    };

    /// <summary>"Fits: needs 48 GB, 92 GB can be had (estimated)."; null while it cannot be said.</summary>
    public static string? Fit(ModelCard model) => model switch
    {
        { State: not (ModelState.Ready or ModelState.NeedsSetup) } or { Fit: null } => null,
        { Fit: { IsOk: true } fit } => $"Fits: needs {fit.Needed}, {fit.Available} can be had{(fit.IsEstimated ? " (estimated)" : null)}.",
        { Fit: var fit } => fit.Why,
    };

    /// <summary>How many machines it takes; null when one is enough.</summary>
    public static string? Placement(Recipe? recipe) => recipe?.Placement == RecipePlacement.Cluster ? "needs two machines" : null;

    /// <summary>Where the recipe comes from; null without one.</summary>
    public static string? Source(Recipe? recipe) => recipe?.Source switch
    {
        null => null,
        RecipeSource.Catalog => "Comes with a recipe",
        RecipeSource.Operator => "Your own recipe",
        RecipeSource.Confirmed => "Recipe confirmed by you",
        RecipeSource.Inferred => "Recipe only guessed",
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether a click can start it.</summary>
    public static bool CanStart(ModelCard model) => model.State == ModelState.Ready;
}
