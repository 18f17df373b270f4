namespace Appliance.TestKit.Faults;

/// <summary>What can be wrong with a connection, for one exchange on it: the toxics of toxiproxy.</summary>
public abstract record Toxic
{
    private Toxic()
    {
    }

    /// <summary>Nothing is wrong.</summary>
    public sealed record None : Toxic;

    /// <summary>Every piece of the answer is late.</summary>
    public sealed record Latency(TimeSpan Delay) : Toxic;

    /// <summary>The answer is slow.</summary>
    public sealed record Bandwidth(int BytesPerSecond) : Toxic;

    /// <summary>The answer never comes, and the connection stays.</summary>
    public sealed record BlackHole : Toxic;

    /// <summary>The answer comes in small pieces, cut anywhere.</summary>
    public sealed record Slicer(int Bytes) : Toxic;

    /// <summary>The connection ends in order after so many bytes of the answer.</summary>
    public sealed record LimitData(int Bytes) : Toxic;

    /// <summary>The answer comes, and then the connection takes long to end.</summary>
    public sealed record SlowClose(TimeSpan Delay) : Toxic;

    /// <summary>The connection is reset after so many bytes of the answer; at 0 before the first.</summary>
    public sealed record ResetPeer(int Bytes) : Toxic;

    /// <summary>The connection ends before the request reached anybody, and new ones are refused for a while.</summary>
    public sealed record Down(TimeSpan For) : Toxic;
}
