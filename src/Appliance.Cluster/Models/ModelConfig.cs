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
            return root.ValueKind == JsonValueKind.Object ? new ModelConfig(ReadCapabilities(root), ReadContextLength(root)) : Unknown;
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

    private static int? ReadContextLength(JsonElement root)
    {
        // Models with eyes or ears keep the language model's settings one level down.
        foreach (var part in new[] { "text_config", "llm_config", "language_config" })
        {
            if (root.TryGetProperty(part, out var inner) && inner.ValueKind == JsonValueKind.Object && Length(inner) is { } length)
            {
                return length;
            }
        }

        return Length(root);
    }

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
