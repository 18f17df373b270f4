namespace Appliance.Simulation;

/// <summary>One thing that happens to a home, drawn before the life begins, so that leaving one out changes no other.</summary>
/// <param name="What">Which thing.</param>
/// <param name="Lane">On which lane.</param>
/// <param name="Model">With which model.</param>
/// <param name="Draw">For what else has to be chosen.</param>
/// <param name="Steps">How many steps everything may do afterwards, before the next thing happens in the middle of whatever it is.</param>
/// <param name="Pause">How much time may pass at most.</param>
internal sealed record Operation(int What, int Lane, int Model, int Draw, int Steps, TimeSpan Pause)
{
    /// <summary>A life full of them.</summary>
    public static Operation[] Plan(Random random) => [.. Enumerable.Range(0, random.Next(8, 28)).Select(_ => new Operation(
        random.Next(30),
        random.Next(4) == 0 ? 1 : 0,
        random.Next(4),
        random.Next(),
        // Half of the time in the middle of anything, half of the time when some seconds have passed.
        random.Next(2) == 0 ? random.Next(1, 120) : int.MaxValue,
        TimeSpan.FromSeconds(random.Next(1, 20))))];
}
