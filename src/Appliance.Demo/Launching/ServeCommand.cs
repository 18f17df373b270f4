using System.Collections.Immutable;
using System.Globalization;

namespace Appliance.Demo.Launching;

/// <summary>The words <c>vllm serve …</c> as the simulated server understands them.</summary>
internal sealed record ServeCommand
{
    public required string Repo { get; init; }

    public required string ServedName { get; init; }

    /// <summary>vLLM's own default is 8000.</summary>
    public int Port { get; init; } = 8000;

    public int? MaxModelLength { get; init; }

    /// <summary>The share of memory that vLLM takes, weights and cache together; its default is 0.9, but a demo stays modest unless told.</summary>
    public double? Utilization { get; init; }

    public int Nodes { get; init; } = 1;

    public required ImmutableArray<string> Words { get; init; }

    /// <summary>Null for a command that is not <c>vllm serve REPO</c>.</summary>
    public static ServeCommand? Read(ImmutableArray<string> words)
    {
        if (words.Length < 3 || words[0] != "vllm" || words[1] != "serve")
        {
            return null;
        }

        string? Find(params ReadOnlySpan<string> names)
        {
            for (var i = 3; i < words.Length; i++)
            {
                foreach (var name in names)
                {
                    if (words[i] == name && i + 1 < words.Length)
                    {
                        return words[i + 1];
                    }

                    if (words[i].StartsWith(name + "=", StringComparison.Ordinal))
                    {
                        return words[i][(name.Length + 1)..];
                    }
                }
            }

            return null;
        }

        int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return new ServeCommand
        {
            Repo = words[2],
            ServedName = Find("--served-model-name") ?? words[2],
            Port = Number(Find("--port")) ?? 8000,
            MaxModelLength = Number(Find("--max-model-len")),
            Utilization = double.TryParse(Find("--gpu-memory-utilization"), CultureInfo.InvariantCulture, out var share) ? share : null,
            Nodes = Math.Max(1, (Number(Find("--tensor-parallel-size", "-tp")) ?? 1) * (Number(Find("--pipeline-parallel-size", "-pp")) ?? 1)),
            Words = words,
        };
    }
}
