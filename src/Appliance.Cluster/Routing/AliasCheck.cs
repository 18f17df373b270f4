using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Routing;

/// <summary>Checks a wish for aliases as a whole and says everything that is wrong with it. Pure.</summary>
internal static class AliasCheck
{
    /// <summary>More than anybody reads; keeps the lists small enough to be looked through for every request.</summary>
    private const int MostAliases = 100;

    private const int MostModels = 20;

    /// <summary>The aliases as they would be kept (models by id where they have one, without empty lists), or the problems.</summary>
    public static AliasOutcome Decide(IReadOnlyDictionary<string, ImmutableArray<string>> wish, ClusterSnapshot snapshot, ClusterDefinition definition)
    {
        var problems = ImmutableArray.CreateBuilder<AliasProblem>();
        var aliases = ModelAliases.None;
        if (wish.Count > MostAliases)
        {
            problems.Add(new AliasProblem(string.Empty, $"At most {MostAliases} aliases are kept; these are {wish.Count}."));
            return new AliasOutcome.Refused(problems.ToImmutable());
        }

        foreach (var (written, models) in wish)
        {
            if (definition.Aliases.FirstOrDefault(alias => IsSame(alias.Name, written.Trim())) is { } fixedAlias)
            {
                CheckFixed(written, fixedAlias, models, problems);
            }
            else if (!AliasName.TryParse(written, out var name))
            {
                problems.Add(new AliasProblem(written, $"An alias is {AliasName.Rule}."));
            }
            else if (WhoHasIt(name, snapshot, definition) is { } why)
            {
                problems.Add(new AliasProblem(written, why));
            }
            else
            {
                if (wish.Keys.Count(other => IsSame(other.Trim(), name)) > 1)
                {
                    problems.Add(new AliasProblem(written, $"'{name}' stands here twice; upper and lower case make no difference."));
                }

                aliases = aliases.With(name, Read(written, name, models, snapshot, definition, problems));
            }
        }

        return problems.Count > 0 ? new AliasOutcome.Refused([.. problems.Distinct()]) : new AliasOutcome.Changed(aliases);
    }

    /// <summary>Who reads the list and sends it back changed does not have to take the fixed ones out.</summary>
    private static void CheckFixed(string written, PortAlias alias, ImmutableArray<string> models, ImmutableArray<AliasProblem>.Builder problems)
    {
        if (models is not [var only] || only != PortAlias.TextOf(alias.Port))
        {
            problems.Add(new AliasProblem(written, $"'{alias.Name}' is fixed in cluster.yaml: it stands for port {alias.Port}. Change it there, or choose another name."));
        }
    }

    private static string? WhoHasIt(string name, ClusterSnapshot snapshot, ClusterDefinition definition)
    {
        if (ModelNames.Find(snapshot.Models, name) is { } card)
        {
            return $"'{name}' is a name of {card.Name}; an alias has to be a name that no model has.";
        }

        if (snapshot.Lanes.FirstOrDefault(lane => IsSame(lane.Serving?.ServedName, name)) is { } lane)
        {
            return $"'{name}' is the name of the model that runs on {lane.Definition.Name}; an alias has to be a name that no model has.";
        }

        return definition.Services.FirstOrDefault(service => IsSame(service.Id.Value, name)) is { } service
            ? $"'{name}' is the name of the service {service.Name}; choose another one."
            : null;
    }

    private static ImmutableArray<string> Read(
        string written, string name, ImmutableArray<string> models, ClusterSnapshot snapshot, ClusterDefinition definition, ImmutableArray<AliasProblem>.Builder problems)
    {
        if (models.Length > MostModels)
        {
            problems.Add(new AliasProblem(written, $"At most {MostModels} models can stand for '{name}'; these are {models.Length}."));
            return [];
        }

        var kept = ImmutableArray.CreateBuilder<string>();
        var before = snapshot.Aliases.Find(name);
        foreach (var model in models.Select(model => model.Trim()))
        {
            if (FindModel(model, snapshot) is { } known)
            {
                Keep(known);
            }
            else if (before.FirstOrDefault(earlier => IsSame(earlier, model)) is { } earlier)
            {
                // It was good when it was written: a model that was deleted since, or whose server is off, must not make every later change impossible.
                Keep(earlier);
            }
            else
            {
                problems.Add(new AliasProblem(written, WhyNoModel(model, snapshot, definition)));
            }
        }

        return kept.ToImmutable();

        void Keep(string model)
        {
            if (kept.Contains(model, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add(new AliasProblem(written, $"'{model}' stands twice in the list of '{name}'."));
            }
            else
            {
                kept.Add(model);
            }
        }
    }

    /// <summary>The name to keep: the id of a model on the disks, or the name of one that runs.</summary>
    private static string? FindModel(string model, ClusterSnapshot snapshot) =>
        ModelNames.Find(snapshot.Models, model)?.Id.Value ?? snapshot.Lanes.Select(lane => lane.Serving?.ServedName).FirstOrDefault(name => IsSame(name, model));

    private static string WhyNoModel(string model, ClusterSnapshot snapshot, ClusterDefinition definition)
    {
        if (model.Length == 0)
        {
            return "A model in the list has no name.";
        }

        var isAlias = BuiltInAlias.Find(model.ToLowerInvariant()) is not null
            || !snapshot.Aliases.Find(model).IsEmpty
            || definition.Aliases.Any(alias => IsSame(alias.Name, model));
        return isAlias ? $"'{model}' is an alias itself; a list holds models."
            : snapshot.ModelsAreKnown ? $"There is no model '{model}' on the disks, and none of that name runs."
            : $"The disks have not been listed yet, so nobody knows whether there is a model '{model}'. Try again in a few seconds.";
    }

    private static bool IsSame(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
