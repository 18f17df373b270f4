namespace Appliance.TestKit.Faults;

/// <summary>Which request meets which fault. The same seed gives the same fault to the same number, in whatever order requests come. Pure.</summary>
/// <param name="seed">The seed.</param>
/// <param name="share">How many of all requests meet a fault, 0 to 1.</param>
public sealed class ToxicSchedule(int seed, double share)
{
    private const int Kinds = 8;

    public Toxic Of(int number)
    {
        var random = RandomOf(number);
        if (random.NextDouble() >= share)
        {
            return new Toxic.None();
        }

        return random.Next(Kinds) switch
        {
            0 => new Toxic.Latency(TimeSpan.FromMilliseconds(random.Next(1, 40))),
            1 => new Toxic.Bandwidth(random.Next(20_000, 200_000)),
            2 => new Toxic.BlackHole(),
            3 => new Toxic.Slicer(random.Next(1, 40)),
            4 => new Toxic.LimitData(random.Next(3_000)),
            5 => new Toxic.SlowClose(TimeSpan.FromMilliseconds(random.Next(1, 40))),
            6 => new Toxic.ResetPeer(random.Next(2) == 0 ? 0 : random.Next(3_000)),
            _ => new Toxic.Down(TimeSpan.FromMilliseconds(random.Next(1, 6))),
        };
    }

    /// <summary>Chances of one request that do not depend on any other.</summary>
    public Random RandomOf(int number) => new(HashCode(seed, number));

    // The framework's own is another in every process.
    private static int HashCode(int seed, int number)
    {
        var hash = unchecked((uint)seed * 2_654_435_761u) ^ unchecked((uint)number * 2_246_822_519u);
        hash = unchecked((hash ^ (hash >> 15)) * 3_266_489_917u);
        return (int)((hash ^ (hash >> 13)) & int.MaxValue);
    }
}
