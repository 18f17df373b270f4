namespace Appliance.Cluster.Schedules;

/// <summary>What is wrong with one field of a plan.</summary>
/// <param name="Field">The field, as the HTTP contract names it.</param>
/// <param name="Message">A sentence that says what a good value is.</param>
public sealed record ScheduleProblem(string Field, string Message);
