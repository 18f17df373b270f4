namespace Appliance.Cluster.Engines;

/// <summary>How far a start has come.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Fraction">Of the whole start, 0 to 1; never sinks. Phases are weighted as measured on a DGX Spark (spark-vllm-docker.md section 5, note d).</param>
/// <param name="Detail">What is counted within the phase, for example "9 of 14"; null when nothing is.</param>
public sealed record StartupProgress(StartupPhase Phase, double Fraction, string? Detail = null)
{
    /// <summary>Nothing seen yet.</summary>
    public static StartupProgress None { get; } = new(StartupPhase.Container, 0);
}
