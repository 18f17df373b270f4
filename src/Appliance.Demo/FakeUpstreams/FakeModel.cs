using System.Collections.Immutable;
using Appliance.Cluster.Models;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>The model that a stand-in server pretends to have loaded.</summary>
/// <param name="Repo">What <c>/v1/models</c> says in <c>root</c>, for example <c>Qwen/Qwen3.6-35B-A3B-FP8</c>.</param>
/// <param name="ServedName">The name it answers to.</param>
/// <param name="MaxModelLength">The longest prompt plus answer in tokens.</param>
/// <param name="Capabilities">What it can do: pictures, reasoning, tools, embeddings.</param>
public sealed record FakeModel(string Repo, string ServedName, int MaxModelLength, ImmutableArray<Capability> Capabilities)
{
    /// <summary>The name it calls itself in an answer; the repo's last part with blanks unless set.</summary>
    public string Name { get; init; } = Repo[(Repo.LastIndexOf('/') + 1)..].Replace('-', ' ');

    internal bool Can(Capability capability) => Capabilities.Contains(capability);
}
