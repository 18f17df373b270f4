namespace Appliance.Cluster.Tests.Engines;

/// <summary>The logs in tests/data/vllm-logs, split at line feeds only, as docker hands them over.</summary>
internal static class SampleLogs
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "data", "vllm-logs");

    public static string[] Read(string name) => File.ReadAllText(Path.Combine(Folder, name)).Split('\n');

    public static IEnumerable<string> Names(string pattern) => Directory.GetFiles(Folder, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
