namespace Appliance.Simulation;

/// <summary>A rule was broken; the message replays it.</summary>
internal sealed class InvariantException(int seed, string rule, IEnumerable<string> trace)
    : Exception($"Seed {seed} broke the rule: {rule}.\n{string.Join('\n', trace)}")
{
    public int Seed { get; } = seed;

    public string Rule { get; } = rule;

    /// <summary>The rule without the names and numbers of the case.</summary>
    public string Kind { get; } = rule.Split([',', ';', ':'], 2)[0];
}
