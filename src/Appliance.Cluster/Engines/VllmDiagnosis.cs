using System.Collections.Immutable;

namespace Appliance.Cluster.Engines;

/// <summary>
/// Names the cause of a failed start. The last exception in a log is only a wrapper ("Engine core initialization failed"), so the search goes upwards:
/// first for causes that say what is wrong, then for those that only say how it ended. Texts: spark-vllm-docker.md section 5, table of fatal lines.
/// </summary>
internal static class VllmDiagnosis
{
    // A log that is asked about is a tail; this bounds the work for a caller that sends everything.
    private const int MostLines = 20_000;

    public static Diagnosis? Find(IReadOnlyList<string> log)
    {
        var lines = log.Skip(log.Count - MostLines).SelectMany(LogText.Pieces).Select(LogText.Plain).Select(LogText.WithoutProcess).Where(line => line.Length > 0).ToArray();
        return FindIn(lines, VllmFaults.Causes) ?? FindIn(lines, VllmFaults.Endings) ?? FindIn(lines, VllmFaults.Wrappers);
    }

    private static Diagnosis? FindIn(string[] lines, ImmutableArray<VllmFault> faults)
    {
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            foreach (var fault in faults)
            {
                if (fault.Match(lines[i]) is { } diagnosis)
                {
                    return diagnosis;
                }
            }
        }

        return null;
    }
}
