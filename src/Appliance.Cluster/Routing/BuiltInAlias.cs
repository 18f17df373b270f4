using System.Collections.Immutable;
using Appliance.Cluster.Models;

namespace Appliance.Cluster.Routing;

/// <summary>An alias that is always there. Without a list of preferred models it stands for what is loaded and can do the task.</summary>
/// <param name="Name">The alias.</param>
/// <param name="Meaning">What it stands for without a list, for the owner; ends a sentence that begins with "Without a list: ".</param>
/// <param name="Wants">What the model has to be able to do, best first: any one is enough. Empty when anything will do.</param>
public sealed record BuiltInAlias(string Name, string Meaning, ImmutableArray<Capability> Wants)
{
    /// <summary>What a request means that names no model.</summary>
    public const string Default = "default";

    /// <summary>The one with the least to do.</summary>
    public const string Auto = "auto";

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static ImmutableArray<BuiltInAlias> All { get; } =
    [
        new(Default, "the model of the first lane that answers", []),
        new(Auto, "the loaded model with the least to do", []),
        new("chat", "a loaded model that chats", [Capability.Chat]),
        new("code", "a loaded model that calls tools, else one that chats", [Capability.Tools, Capability.Chat]),
        new("reasoning", "a loaded model that thinks before it answers", [Capability.Reasoning]),
        new("vision", "a loaded model that sees pictures", [Capability.Vision]),
        new("embed", "the embeddings server", [Capability.Embedding]),
    ];

    /// <summary>The built-in alias of that name (lower case), or null.</summary>
    public static BuiltInAlias? Find(string name) => All.FirstOrDefault(alias => alias.Name == name);
}
