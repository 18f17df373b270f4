namespace Appliance.Cluster.Schedules;

/// <summary>Two plans that want different models at the same time.</summary>
/// <param name="First">The one that begins earlier.</param>
/// <param name="Second">The other one.</param>
/// <param name="From">When they first meet.</param>
/// <param name="Until">How long they do.</param>
public sealed record ScheduleConflict(Schedule First, Schedule Second, DateTimeOffset From, DateTimeOffset Until);
