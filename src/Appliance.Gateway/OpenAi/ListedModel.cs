using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Appliance.Cluster.Routing;

namespace Appliance.Gateway.OpenAi;

/// <summary>One model of the list, with vLLM's useful extras and ours.</summary>
internal sealed record ListedModel
{
    public required string Id { get; init; }

    public string Object { get; } = "model";

    /// <summary>When it was loaded, in Unix seconds; 0 when nobody knows.</summary>
    public required long Created { get; init; }

    public string OwnedBy { get; } = "appliance";

    /// <summary>The other names a request may use.</summary>
    public required string[] Aliases { get; init; }

    /// <summary>The id of the model that this alias stands for now; null for a model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AliasOf { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxModelLen { get; init; }

    /// <summary>chat, embeddings, transcription or speech.</summary>
    public required string Task { get; init; }

    /// <param name="upstream">The server.</param>
    /// <param name="aliases">All aliases, whomever they reach.</param>
    public static ListedModel Of(Upstream upstream, ImmutableArray<KnownAlias> aliases)
    {
        // The name that the server itself lists and puts into its answers: a program that compares the two finds them equal.
        var id = upstream.ServedName.Length > 0 ? upstream.ServedName : upstream.Names.FirstOrDefault() ?? upstream.Id;
        return new ListedModel
        {
            Id = id,
            Created = upstream.Since?.ToUnixTimeSeconds() ?? 0,
            Aliases = [.. upstream.Names.Concat(aliases.Where(alias => alias.Server?.Id == upstream.Id).Select(alias => alias.Name)).Where(name => name != id)],
            MaxModelLen = upstream.MaxModelLength,
            Task = upstream.Task.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>An alias as an entry of its own, for programs that let a person choose from the list.</summary>
    public static ListedModel Of(KnownAlias alias, Upstream server)
    {
        var model = Of(server, []);
        return model with { Id = alias.Name, Aliases = [], AliasOf = model.Id };
    }
}
