using System.Collections.Immutable;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;

namespace Appliance.Cluster.Topology;

/// <summary>
/// What the owner configured: the settings, and <c>cluster.yaml</c> on top. Read once at the start; lanes and machines do not change under a running
/// job, so a changed file takes effect with the next start. Thread-safe.
/// </summary>
public sealed class ConfiguredTopology : ITopology
{
    private ConfiguredTopology(ClusterDefinition definition, ImmutableArray<string> problems)
    {
        Current = definition;
        Problems = problems;
    }

    /// <inheritdoc/>
    public ClusterDefinition Current { get; }

    /// <summary>What is wrong with the settings or the file, for the page; then the part that is bad is not in <see cref="Current"/>. Empty when all is well.</summary>
    public ImmutableArray<string> Problems { get; }

    /// <summary>
    /// Reads settings and file. A bad file leaves what the settings describe; settings that do not go together leave an empty cluster, so that the page can
    /// come up and say why.
    /// </summary>
    public static ConfiguredTopology Load(SettingValues settings, DataDirectory data)
    {
        var keys = SettingsTopology.Read(settings);
        var basis = keys.Definition ?? ClusterDefinition.Empty;
        var file = OperatorFile.OfYaml(data.ClusterFile);
        if (!file.TryTakeChange(out var content) || content is null)
        {
            return Check(basis, keys.Problems);
        }

        var read = ClusterFile.Read(content, basis);
        return read.Definition is { } definition
            ? new ConfiguredTopology(definition, keys.Problems)
            : Check(basis, [.. keys.Problems, .. read.Problems.Select(problem => $"cluster.yaml: {problem}")]);
    }

    private static ConfiguredTopology Check(ClusterDefinition basis, ImmutableArray<string> problems)
    {
        var clashes = new List<string>();
        ClusterCheck.Check(basis, clashes);
        return new ConfiguredTopology(basis, [.. problems, .. clashes]);
    }
}
