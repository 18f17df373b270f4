using System.Collections.Immutable;
using System.Diagnostics;
using Appliance.Cluster.Models;

namespace Appliance.Ui;

/// <summary>What a model can do, in words. Pure.</summary>
public static class CapabilityWords
{
    /// <summary>That a model chats goes without saying, unless it is all it does.</summary>
    public static ImmutableArray<string> Badges(ImmutableArray<Capability> capabilities, int? contextLength)
    {
        var shown = capabilities.Where(capability => capability != Capability.Chat || capabilities.Length == 1).Select(Word);
        return contextLength is { } length ? [.. shown, $"remembers {NumberWords.Tokens(length)} tokens"] : [.. shown];
    }

    public static string Word(Capability capability) => capability switch
    {
        Capability.Chat => "chats",
        Capability.Vision => "sees pictures",
        Capability.Reasoning => "thinks first",
        Capability.Tools => "uses tools",
        Capability.Embedding => "finds by meaning",
        Capability.Rerank => "ranks documents",
        Capability.Asr => "writes down speech",
        _ => throw new UnreachableException(),
    };
}
