using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Recipes;

/// <summary>
/// The shipped catalog, overridden repo by repo by the operator's <c>models.yaml</c>. The file is looked at every few seconds; a bad one changes nothing
/// but <see cref="Problems"/>. Complete from construction on. Thread-safe.
/// </summary>
public sealed partial class RecipeBook : BackgroundService, IRecipeBook
{
    /// <summary>How often the file's time stamp is looked at.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    private readonly OperatorFile _file;
    private readonly TimeProvider _time;
    private readonly ILogger<RecipeBook> _logger;
    private volatile Pages _pages;

    /// <summary>Everything readers see, replaced whole.</summary>
    private sealed record Pages(ImmutableArray<Recipe> All, ImmutableDictionary<ModelId, Recipe> ByModel, ImmutableArray<string> Problems);

    /// <summary>Reads the catalog and the operator's file.</summary>
    public RecipeBook(DataDirectory data, TimeProvider time, ILogger<RecipeBook> logger)
    {
        _file = new OperatorFile(data.OperatorRecipes);
        _time = time;
        _logger = logger;
        _pages = Bind([], []);
        LookAgain();
    }

    /// <inheritdoc/>
    public ImmutableArray<Recipe> All => _pages.All;

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => _pages.Problems;

    /// <inheritdoc/>
    public Recipe? Find(RepoId repo) => _pages.ByModel.GetValueOrDefault(repo.Id);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(LookEvery, _time, stoppingToken);
            try
            {
                LookAgain();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotLookedAt(e);
            }
        }
    }

    private void LookAgain()
    {
        if (!_file.TryTakeChange(out var content))
        {
            return;
        }

        if (content is null)
        {
            _pages = Bind([], []);
            return;
        }

        var read = RecipeFile.Read(content, RecipeSource.Operator);
        if (read.Problems.IsEmpty)
        {
            _pages = Bind(read.Recipes, []);
            LogRead(read.Recipes.Length);
            Keep();
            return;
        }

        LogRefused(read.Problems.Length, read.Problems[0]);
        var inForce = _pages.All.Any(recipe => recipe.Source == RecipeSource.Operator)
            ? [.. _pages.All.Where(recipe => recipe.Source == RecipeSource.Operator)]
            : _file.FindLastGood() is { } good ? RecipeFile.Read(good, RecipeSource.Operator).Recipes : [];
        _pages = Bind(inForce, read.Problems);
    }

    private void Keep()
    {
        try
        {
            _file.KeepAsGood();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e);
        }
    }

    private static Pages Bind(ImmutableArray<Recipe> operators, ImmutableArray<string> problems)
    {
        var byModel = RecipeCatalog.Recipes.ToImmutableDictionary(recipe => recipe.Repo.Id)
            .SetItems(operators.Select(recipe => KeyValuePair.Create(recipe.Repo.Id, recipe)));
        return new Pages([.. byModel.Values.OrderBy(recipe => recipe.Name, StringComparer.OrdinalIgnoreCase).ThenBy(recipe => recipe.Repo.Id.Value, StringComparer.Ordinal)], byModel, problems);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "models.yaml: {Count} recipes in force")]
    private partial void LogRead(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "models.yaml has {Count} problems, the last good recipes stay in force; the first: {Problem}")]
    private partial void LogRefused(int count, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last good copy of models.yaml could not be written; after a restart a bad file would leave only the catalog")]
    private partial void LogNotKept(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "models.yaml could not be looked at; the recipes in force stay")]
    private partial void LogNotLookedAt(Exception e);
}
