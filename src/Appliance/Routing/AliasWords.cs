using System.Collections.Immutable;
using System.Diagnostics;
using Appliance.Cluster.Models;
using Appliance.Cluster.Routing;
using Appliance.Ui;

namespace Appliance.Routing;

/// <summary>Aliases in words. Pure.</summary>
public static class AliasWords
{
    /// <summary>Whom it reaches at this moment: "Qwen3.6 35B answers".</summary>
    public static string Now(KnownAlias alias, ImmutableArray<ModelCard> menu) => alias.Now switch
    {
        UpstreamMatch.Serving(var server) => $"{NameOf(server, menu)} answers",
        UpstreamMatch.Loading(var server) => $"{NameOf(server, menu)} is on its way",
        UpstreamMatch.Unavailable or UpstreamMatch.Unknown => "Nothing answers",
        _ => throw new UnreachableException(),
    };

    public static Tone ToneOf(KnownAlias alias) => alias.Now switch
    {
        UpstreamMatch.Serving => Tone.Ok,
        UpstreamMatch.Loading => Tone.Warm,
        UpstreamMatch.Unavailable or UpstreamMatch.Unknown => Tone.Off,
        _ => throw new UnreachableException(),
    };

    /// <summary>What it stands for: the port, the list, or what it means by itself.</summary>
    public static string Meaning(KnownAlias alias, ImmutableArray<ModelCard> menu)
    {
        if (alias.Port is { } port)
        {
            return $"Whatever answers at port {port}. Fixed in cluster.yaml.";
        }

        return alias.Models.IsEmpty
            ? $"{NumberWords.Sentence(ByItself(alias.Name)!)}."
            : $"{string.Join(", else ", alias.Models.Select(model => NameOf(model, menu)))}.";
    }

    /// <summary>What a built-in alias means without a list; null for an alias that is gone without one.</summary>
    public static string? ByItself(string name) => BuiltInAlias.Find(name)?.Meaning;

    /// <summary>A model's name for people; as it stands there when it is not on the disks any more.</summary>
    public static string NameOf(string model, ImmutableArray<ModelCard> menu) => ModelNames.Find(menu, model)?.Name ?? model;

    private static string NameOf(Upstream server, ImmutableArray<ModelCard> menu) =>
        server.ModelId is { } id ? NameOf(id, menu)
        : server.ServedName.Length > 0 ? server.ServedName
        : server.Names.FirstOrDefault() ?? server.Id;
}
