using System.Collections.Immutable;
using System.Text.Json;

namespace Appliance.Cluster.Models;

/// <summary>What a model's <c>config.json</c> says about it, for models without a recipe. Foreign text: anything odd in it means "not known".</summary>
/// <param name="Capabilities">What it can do.</param>
/// <param name="ContextLength">The longest prompt plus answer in tokens; null when it does not say.</param>
public sealed record ModelConfig(ImmutableArray<Capability> Capabilities, int? ContextLength)
{
    private static readonly ImmutableArray<string> RerankWords = ["ForSequenceClassification", "Reranker"];
    private static readonly ImmutableArray<string> SpeechWords = ["Whisper", "ForSpeechSeq2Seq", "ForCTC", "Parakeet", "Voxtral", "ForTDT"];
    private static readonly ImmutableArray<string> ChatWords = ["ForCausalLM", "ForConditionalGeneration", "LMHeadModel", "ForImageTextToText"];
    private static readonly ImmutableArray<string> EncoderTypes = ["bert", "roberta", "xlm-roberta", "nomic_bert", "modernbert", "mpnet", "distilbert", "new", "gte"];

    /// <summary>
    /// How many values a server keeps in memory for every token of a conversation; null when the config does not say. Layers that look back only a little are
    /// counted like the others, so it is an upper bound.
    /// </summary>
    public long? CacheValuesPerToken { get; init; }

    /// <summary>Nothing known.</summary>
    public static ModelConfig Unknown { get; } = new([], null);

    /// <summary>Reads a config; never throws.</summary>
    public static ModelConfig Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return Unknown;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object ? new ModelConfig(ReadCapabilities(root), ReadContextLength(root)) { CacheValuesPerToken = ReadCacheValues(root) } : Unknown;
        }
        catch (JsonException)
        {
            return Unknown;
        }
    }

    private static ImmutableArray<Capability> ReadCapabilities(JsonElement root)
    {
        var architectures = Texts(root, "architectures");
        var type = Text(root, "model_type") ?? "";
        if (Any(SpeechWords))
        {
            return [Capability.Asr];
        }

        if (Any(RerankWords))
        {
            return [Capability.Rerank];
        }

        var answers = Any(ChatWords);
        if (EncoderTypes.Contains(type, StringComparer.OrdinalIgnoreCase) || (!answers && architectures.Any(name => name.EndsWith("Model", StringComparison.Ordinal))))
        {
            return [Capability.Embedding];
        }

        if (!answers)
        {
            return [];
        }

        var sees = root.TryGetProperty("vision_config", out var vision) && vision.ValueKind == JsonValueKind.Object;
        return sees ? [Capability.Chat, Capability.Vision] : [Capability.Chat];

        bool Any(ImmutableArray<string> words) => architectures.Any(name => words.Any(word => name.Contains(word, StringComparison.Ordinal)));
    }

    private static int? ReadContextLength(JsonElement root) => Parts(root).Select(Length).FirstOrDefault(length => length is not null);

    private static long? ReadCacheValues(JsonElement root) => Parts(root).Select(CacheValues).FirstOrDefault(values => values is not null);

    /// <summary>Models with eyes or ears keep the language model's settings one level down.</summary>
    private static IEnumerable<JsonElement> Parts(JsonElement root)
    {
        foreach (var part in new[] { "text_config", "llm_config", "language_config" })
        {
            if (root.TryGetProperty(part, out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                yield return inner;
            }
        }

        yield return root;
    }

    /// <summary>A key and a value per layer and head; with latent attention (<c>kv_lora_rank</c>) one compressed vector per layer. Linear layers keep nothing per token.</summary>
    private static long? CacheValues(JsonElement config)
    {
        if (Number(config, "num_hidden_layers") is not { } layers)
        {
            return null;
        }

        var kinds = Texts(config, "layer_types");
        if (kinds.Length > 0)
        {
            layers = kinds.Count(kind => !kind.Contains("linear", StringComparison.Ordinal) && !kind.Contains("mamba", StringComparison.Ordinal));
        }

        if (Number(config, "kv_lora_rank") is { } rank)
        {
            return (long)layers * (rank + (Number(config, "qk_rope_head_dim") ?? 0));
        }

        var heads = Number(config, "num_attention_heads");
        var size = Number(config, "head_dim") ?? (Number(config, "hidden_size") is { } hidden && heads is { } all ? hidden / all : null);
        return (Number(config, "num_key_value_heads") ?? heads) is { } pairs && size is { } width && layers > 0 ? 2L * layers * pairs * width : null;
    }

    /// <summary>A count that can be right: foreign text may say anything.</summary>
    private static int? Number(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is > 0 and < 1_000_000 ? number : null;

    private static int? Length(JsonElement config)
    {
        foreach (var name in new[] { "max_position_embeddings", "n_positions", "max_sequence_length", "seq_length" })
        {
            if (config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var length) && length > 0)
            {
                return length;
            }
        }

        return null;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[] Texts(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
}
