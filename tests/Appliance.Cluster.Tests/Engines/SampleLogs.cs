namespace Appliance.Cluster.Tests.Engines;

/// <summary>The logs in tests/data/vllm-logs, split at line feeds only, as docker hands them over.</summary>
internal static class SampleLogs
{
    public static string[] Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "vllm-logs", name)).Split('\n');
}
