namespace Appliance.Benchmarks.Load;

/// <summary>One run of the load loop.</summary>
/// <param name="MedianMilliseconds">From sending a request to having its whole answer.</param>
/// <param name="RequestsPerSecond">All connections together.</param>
internal sealed record LoadResult(double MedianMilliseconds, double RequestsPerSecond);
