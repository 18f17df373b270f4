namespace Appliance.Simulation.Plans;

/// <summary>One thing that happens to a home, drawn before the life begins, so that leaving one out changes no other.</summary>
/// <param name="Kind">Which thing.</param>
/// <param name="Lane">On which lane.</param>
/// <param name="Model">With which model.</param>
/// <param name="Draw">For what else has to be chosen.</param>
/// <param name="Steps">How many steps everything may do afterwards, before the next thing happens in the middle of whatever it is.</param>
/// <param name="Pause">How much time may pass at most.</param>
internal sealed record Operation(OperationKind Kind, int Lane, int Model, int Draw, int Steps, TimeSpan Pause)
{
    private static readonly OperationKind[] Usual =
    [
        OperationKind.Swap, OperationKind.Swap, OperationKind.Swap, OperationKind.Swap, OperationKind.SwapInTurn, OperationKind.SwapInTurn, OperationKind.SwapInTurn,
        OperationKind.SwapWithToken, OperationKind.SwapByForce, OperationKind.Stop, OperationKind.Reserve, OperationKind.Reserve,
    ];

    private static readonly OperationKind[] All = Enum.GetValues<OperationKind>();

    /// <summary>A short life of wishes and of what gets in their way.</summary>
    public static Operation[] Plan(Random random) => [.. Enumerable.Range(0, random.Next(3, 9)).Select(place => new Operation(
        place == 0 || random.Next(3) == 0 ? Usual[random.Next(Usual.Length)] : All[random.Next(All.Length)],
        random.Next(5) == 0 ? 1 : 0,
        random.Next(5),
        random.Next(),
        // Mostly in the middle of anything, sometimes when some seconds have passed.
        random.Next(4) != 0 ? random.Next(1, 160) : int.MaxValue,
        TimeSpan.FromSeconds(random.Next(1, 15))))];
}
