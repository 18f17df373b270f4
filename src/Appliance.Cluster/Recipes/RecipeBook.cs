using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Recipes;

/// <summary>
/// The shipped catalog, overridden repo by repo by the operator's <c>models.yaml</c>. A bad file changes nothing but
/// <see cref="Problems"/>. Complete from construction on. Thread-safe.
/// </summary>
public sealed partial class RecipeBook : IRecipeBook, IEditedFile
{
    private readonly Lock _gate = new();
    private readonly OperatorFile<YamlReading> _file;
    private readonly ILogger<RecipeBook> _logger;
    private volatile Pages _pages;

    /// <summary>Everything readers see, replaced whole.</summary>
    private sealed record Pages(ImmutableArray<Recipe> All, ImmutableDictionary<ModelId, Recipe> ByModel, ImmutableArray<string> Problems);

    /// <summary>Reads the catalog and the operator's file.</summary>
    public RecipeBook(DataDirectory data, ILogger<RecipeBook> logger)
    {
        _file = OperatorFile.OfYaml(data.OperatorRecipes);
        _logger = logger;
        _pages = Bind([], []);
        LookAgain_NeedsLock();
    }

    /// <inheritdoc/>
    public string FileName => Path.GetFileName(_file.Path);

    /// <inheritdoc/>
    public ImmutableArray<Recipe> All => _pages.All;

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => _pages.Problems;

    /// <inheritdoc/>
    public Recipe? Find(RepoId repo) => _pages.ByModel.GetValueOrDefault(repo.Id);

    /// <inheritdoc/>
    public Task LookAgainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            LookAgain_NeedsLock();
        }

        return Task.CompletedTask;
    }

    private void LookAgain_NeedsLock()
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
}
