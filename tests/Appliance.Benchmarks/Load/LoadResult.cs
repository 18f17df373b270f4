namespace Appliance.Benchmarks.Load;

/// <summary>One run of the load loop.</summary>
/// <param name="MedianMilliseconds">From sending a request to having its whole answer.</param>
/// <param name="SlowMilliseconds">The same for the slowest of a hundred.</param>
/// <param name="Requests">How many were answered.</param>
/// <param name="Duration">How long the run took.</param>
internal sealed record LoadResult(double MedianMilliseconds, double SlowMilliseconds, int Requests, TimeSpan Duration)
{
    /// <summary>All connections together.</summary>
    public double RequestsPerSecond => Requests / Duration.TotalSeconds;
}
