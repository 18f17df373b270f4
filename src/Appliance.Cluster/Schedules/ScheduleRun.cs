namespace Appliance.Cluster.Schedules;

/// <summary>One run of a plan.</summary>
/// <param name="From">Its begin.</param>
/// <param name="Until">Its end.</param>
public sealed record ScheduleRun(DateTimeOffset From, DateTimeOffset Until);
