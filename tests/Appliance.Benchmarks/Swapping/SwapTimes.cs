namespace Appliance.Benchmarks.Swapping;

/// <summary>The times of one round.</summary>
/// <param name="Launch">From the click to the launch command, when nothing runs.</param>
/// <param name="Change">The same, when another model has to be stopped first.</param>
/// <param name="Live">From the first token that the new server generates to knowing of it.</param>
internal sealed record SwapTimes(TimeSpan Launch, TimeSpan Change, TimeSpan Live);
