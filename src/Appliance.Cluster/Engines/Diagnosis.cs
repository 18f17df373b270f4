namespace Appliance.Cluster.Engines;

/// <summary>A cause in words.</summary>
/// <param name="Code">A stable name for programs, snake_case, for example <c>out_of_memory</c>.</param>
/// <param name="Message">One sentence for the owner.</param>
/// <param name="Advice">What to do about it, with the number to use where the log names one; null when there is nothing to add.</param>
public sealed record Diagnosis(string Code, string Message, string? Advice = null);
