using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;

namespace Appliance.Demo.Cache;

/// <summary>The models that lie on the simulated disks.</summary>
public static class DemoModels
{
    /// <summary>Live on the main lane at the start.</summary>
    public static DemoModel Qwen36 { get; } = Create(
        "RedHatAI/Qwen3.6-35B-A3B-NVFP4", 24.3, 3, 262_144, Capability.Chat, Capability.Vision, Capability.Reasoning, Capability.Tools) with
    { TokensPerSecond = 62 };

    /// <summary>Live on the small lane at the start.</summary>
    public static DemoModel Qwen3Small { get; } = Create("Qwen/Qwen3-4B-Instruct-2507", 8.1, 3, 262_144, Capability.Chat, Capability.Tools) with { TokensPerSecond = 48 };

    /// <summary>Sees pictures.</summary>
    public static DemoModel Gemma { get; } = Create(
        "google/gemma-4-26B-A4B-it", 51.6, 2, 262_144, Capability.Chat, Capability.Vision, Capability.Reasoning, Capability.Tools) with
    { TokensPerSecond = 57 };

    /// <summary>Thinks; for one machine.</summary>
    public static DemoModel GptOss { get; } = Create("openai/gpt-oss-120b", 65.3, 15, 131_072, Capability.Chat, Capability.Reasoning, Capability.Tools) with { TokensPerSecond = 58 };

    /// <summary>Too large for one machine: its weights alone are larger than one Spark's memory.</summary>
    public static DemoModel Qwen35Large { get; } = Create(
        "Qwen/Qwen3.5-122B-A10B-FP8", 127.2, 39, 262_144, Capability.Chat, Capability.Vision, Capability.Reasoning, Capability.Tools) with
    { TokensPerSecond = 24 };

    /// <summary>Writes code.</summary>
    public static DemoModel QwenCoder { get; } = Create("Qwen/Qwen3-Coder-Next-FP8", 80.4, 40, 262_144, Capability.Chat, Capability.Tools) with { TokensPerSecond = 43 };

    /// <summary>On the disk, and nobody has said how to serve it.</summary>
    public static DemoModel Granite { get; } = Create("ibm-granite/granite-4.2-8b-instruct", 16.4, 4, 131_072, Capability.Chat, Capability.Tools) with { TokensPerSecond = 16 };

    /// <summary>Half downloaded.</summary>
    public static DemoModel Nemotron { get; } = Create(
        "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4", 37.9, 17, 262_144, Capability.Chat, Capability.Reasoning, Capability.Tools) with
    {
        MissingShards = 9,
    };

    /// <summary>What lies on Spark 1.</summary>
    internal static ImmutableArray<DemoModel> OfFirstHost { get; } = [Qwen36, Qwen3Small, Gemma, GptOss, Qwen35Large, QwenCoder, Granite, Nemotron];

    /// <summary>What lies on Spark 2.</summary>
    internal static ImmutableArray<DemoModel> OfSecondHost { get; } = [Qwen36, Qwen3Small, Qwen35Large];

    private static DemoModel Create(string repo, double gigabytes, int shards, int length, params ImmutableArray<Capability> capabilities)
    {
        var id = RepoId.Parse(repo);
        using var stream = typeof(DemoModels).Assembly.GetManifestResourceStream(id.Name)
            ?? throw new InvalidOperationException($"The config of {repo} is not embedded.");
        using var reader = new StreamReader(stream);
        return new DemoModel
        {
            Repo = id,
            Size = ByteSize.FromGigabytes(gigabytes),
            Shards = shards,
            Capabilities = capabilities,
            MaxModelLength = length,
            ConfigJson = reader.ReadToEnd(),
        };
    }
}
