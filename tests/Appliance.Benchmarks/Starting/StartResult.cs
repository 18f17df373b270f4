namespace Appliance.Benchmarks.Starting;

/// <summary>One cold start.</summary>
/// <param name="FirstPage">From starting the process to having the home page.</param>
/// <param name="IdleBytes">Resident memory ten seconds later.</param>
internal sealed record StartResult(TimeSpan FirstPage, long IdleBytes);
