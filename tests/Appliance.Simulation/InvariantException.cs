namespace Appliance.Simulation;

/// <summary>A rule was broken; the message replays it.</summary>
internal sealed class InvariantException(int seed, string rule, IEnumerable<string> trace)
    : Exception($"Seed {seed} broke the rule: {rule}.\n{string.Join('\n', trace)}")
{
    public string Rule { get; } = rule;
}
