using Appliance.Simulation.Mistakes;

namespace Appliance.Simulation;

/// <summary>Finds the few operations of a failing life that matter: leaves out one after the other as long as the same rule is still broken.</summary>
internal static class Shrinker
{
    /// <summary>The failure with as little as possible around it.</summary>
    public static InvariantException Shrink(int seed, Mistake mistake, InvariantException found)
    {
        var skipped = new HashSet<int>();
        for (var operation = Schedule.CountOperations(seed) - 1; operation >= 0; operation--)
        {
            skipped.Add(operation);
            if (Schedule.FindBroken(seed, mistake, skipped) is { } still && still.Kind == found.Kind)
            {
                found = still;
            }
            else
            {
                skipped.Remove(operation);
            }
        }

        return found;
    }
}
