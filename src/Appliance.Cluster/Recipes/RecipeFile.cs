using System.Collections.Immutable;
using System.Globalization;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Recipes;

/// <summary>Reads a file of recipes (schema: docs/guides/recipes.md). Pure: all problems at once, each with line and column; with one problem there are no recipes.</summary>
public static class RecipeFile
{
    private static readonly ImmutableSortedDictionary<string, Capability> Capabilities =
        Enum.GetValues<Capability>().ToImmutableSortedDictionary(capability => capability.ToString().ToLowerInvariant(), capability => capability);

    private static readonly ImmutableSortedDictionary<string, RecipePlacement> Placements =
        Enum.GetValues<RecipePlacement>().ToImmutableSortedDictionary(placement => placement.ToString().ToLowerInvariant(), placement => placement);

    /// <summary>Reads what <see cref="GuardedYaml"/> made of the file.</summary>
    public static RecipeFileReading Read(YamlReading yaml, RecipeSource source)
    {
        if (!yaml.IsOk)
        {
            return new RecipeFileReading([], yaml.Problems);
        }

        if (yaml.Root is null)
        {
            return RecipeFileReading.Empty;
        }

        if (yaml.Root is not YamlNode.Map map)
        {
            return new RecipeFileReading([], [yaml.Root.Place.Say("the file must begin with 'recipes:' and a list below it.")]);
        }

        var problems = new List<string>();
        var fields = new YamlFields(map, problems);
        var recipes = ImmutableArray.CreateBuilder<Recipe>();
        var seen = new HashSet<ModelId>();
        foreach (var entry in fields.FindMaps("recipes"))
        {
            if (ReadRecipe(entry, source, problems) is not { } recipe)
            {
                continue;
            }

            if (!seen.Add(recipe.Repo.Id))
            {
                problems.Add(entry.Place.Say($"there is a second recipe for {recipe.Repo}; keep one."));
            }

            recipes.Add(recipe);
        }

        fields.RefuseUnknown();
        return problems.Count == 0 ? new RecipeFileReading(recipes.ToImmutable(), []) : new RecipeFileReading([], [.. problems]);
    }

    private static Recipe? ReadRecipe(YamlNode.Map map, RecipeSource source, List<string> problems)
    {
        var had = problems.Count;
        var fields = new YamlFields(map, problems);
        var repoText = fields.GetText("repo", "Qwen/Qwen3-4B-Instruct-2507");
        if (!RepoId.TryParse(repoText, out var repo) && problems.Count == had)
        {
            fields.Problem(fields.PlaceOf("repo"), "'repo' must be a Hugging Face repository of the form owner/name.");
        }

        var name = ReadName(fields, repo);
        var placement = ReadPlacement(fields);
        var capabilities = ReadCapabilities(fields);
        var understood = ReadUnderstood(fields);
        var arguments = ReadArguments(fields, placement, understood);
        var recipe = new Recipe
        {
            Repo = repo,
            Name = name,
            ServedName = ReadServedName(fields, arguments, repo),
            Placement = placement,
            Arguments = arguments,
            Environment = ReadEnvironment(fields),
            Mods = ReadMods(fields),
            Image = ReadImage(fields),
            Capabilities = capabilities,
            ContextLength = ReadContextLength(fields, arguments),
            Source = source,
        };
        fields.RefuseUnknown();
        return problems.Count == had ? recipe : null;
    }

    private static string ReadName(YamlFields fields, RepoId repo)
    {
        var name = fields.FindText("name")?.Trim();
        if (name is { Length: > 80 } || name?.Any(char.IsControl) == true)
        {
            fields.Problem(fields.PlaceOf("name"), "'name' is what people see: one line of at most 80 characters.");
        }

        return string.IsNullOrEmpty(name) ? repo.Name : name;
    }

    private static RecipePlacement ReadPlacement(YamlFields fields)
    {
        var text = fields.FindText("placement") ?? "solo";
        if (!Placements.TryGetValue(text, out var placement))
        {
            fields.Problem(fields.PlaceOf("placement"), $"'placement' must be one of {string.Join(", ", Placements.Keys)}.");
        }

        return placement;
    }

    private static ImmutableArray<Capability> ReadCapabilities(YamlFields fields)
    {
        var read = ImmutableArray.CreateBuilder<Capability>();
        foreach (var word in fields.FindTexts("capabilities"))
        {
            if (Capabilities.TryGetValue(word.Text, out var capability))
            {
                read.Add(capability);
            }
            else
            {
                fields.Problem(word.Place, $"'{word.Text}' is not a capability; known are {string.Join(", ", Capabilities.Keys)}.");
            }
        }

        return [.. read.Distinct().Order()];
    }

    private static ImmutableArray<string> ReadUnderstood(YamlFields fields)
    {
        var words = fields.FindTexts("i_understand");
        foreach (var word in words.Where(word => !RecipeWords.Dangerous.Contains(word.Text)))
        {
            fields.Problem(word.Place, $"'i_understand' lists dangerous options by their full name; known are {string.Join(", ", RecipeWords.Dangerous)}.");
        }

        return [.. words.Select(word => word.Text)];
    }

    private static ImmutableArray<string> ReadArguments(YamlFields fields, RecipePlacement placement, ImmutableArray<string> understood)
    {
        var words = fields.FindTexts("args");
        for (var i = 0; i < words.Length; i++)
        {
            if (RecipeWords.FindFault(words[i].Text, understood) is { } fault)
            {
                fields.Problem(words[i].Place, fault);
            }
            else if (words[i].Text[0] != '-' && (i == 0 || words[i - 1].Text.Contains('=')))
            {
                fields.Problem(words[i].Place, "this word belongs to no option; the model's name is added by the appliance.");
            }
        }

        ImmutableArray<string> arguments = [.. words.Select(word => word.Text)];
        var isSpread = VllmParallelism.Options.Any(option => RecipeWords.FindValue(arguments, option) is { } value && value != "1");
        if (isSpread && placement != RecipePlacement.Cluster)
        {
            fields.Problem(fields.PlaceOf("args"), "a model that is split over machines needs 'placement: cluster'.");
        }

        return arguments;
    }

    private static string ReadServedName(YamlFields fields, ImmutableArray<string> arguments, RepoId repo)
    {
        if (!arguments.Any(word => RecipeWords.FindOption(word) == "--served-model-name"))
        {
            return repo.ToString();
        }

        var served = RecipeWords.FindValue(arguments, "--served-model-name");
        if (string.IsNullOrWhiteSpace(served))
        {
            fields.Problem(fields.PlaceOf("args"), "--served-model-name needs a name.");
        }

        return served ?? "";
    }

    private static int? ReadContextLength(YamlFields fields, ImmutableArray<string> arguments)
    {
        var stated = fields.FindNumber("context_length", 1, 100_000_000);
        int? asked = int.TryParse(RecipeWords.FindValue(arguments, "--max-model-len"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
        if (stated is not null && asked is not null && stated != asked)
        {
            fields.Problem(fields.PlaceOf("context_length"), $"'context_length' says {stated}, but --max-model-len says {asked}; remove one of them.");
        }

        return asked ?? stated;
    }

    private static ImmutableSortedDictionary<string, string> ReadEnvironment(YamlFields fields)
    {
        var pairs = fields.FindPairs("env");
        foreach (var (key, text, place) in pairs)
        {
            if (RecipeWords.FindFault(key, text) is { } fault)
            {
                fields.Problem(place, fault);
            }
        }

        return pairs.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Text, StringComparer.Ordinal);
    }

    private static ImmutableArray<string> ReadMods(YamlFields fields)
    {
        var words = fields.FindTexts("mods");
        foreach (var word in words.Where(word => !RecipeWords.IsMod(word.Text)))
        {
            fields.Problem(word.Place, "a mod is a folder of the launcher's checkout, for example mods/fix-qwen3.6-chat-template.");
        }

        return [.. words.Select(word => word.Text)];
    }

    private static string? ReadImage(YamlFields fields)
    {
        var image = fields.FindText("image");
        if (image is not null && !RecipeWords.IsImage(image))
        {
            fields.Problem(fields.PlaceOf("image"), "'image' must be the name of a container image, for example vllm-node.");
        }

        return image;
    }
}
