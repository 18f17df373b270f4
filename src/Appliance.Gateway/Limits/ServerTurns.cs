using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Limits;

/// <summary>One server's work and its waiting line. Guarded by the lock of <see cref="UpstreamTurns"/>.</summary>
internal sealed class ServerTurns(UpstreamTask task)
{
    /// <summary>How quickly the usual duration follows what is measured.</summary>
    private const double Weight = 0.2;

    private double _usualSeconds;

    /// <summary>What it is asked for.</summary>
    public UpstreamTask Task => task;

    /// <summary>Requests in work.</summary>
    public int InWork { get; set; }

    /// <summary>Those that wait; null takes their place away.</summary>
    public FairLine<TaskCompletionSource<Turn?>> Line { get; } = new();

    /// <summary>What was learned; in force while no limit is set and learning is on.</summary>
    public AdaptiveLimit Learned { get; set; } = AdaptiveLimit.Start;

    /// <summary>The model for which it was learned.</summary>
    public string? LearnedFor { get; set; }

    /// <summary>Notes how long an answer took.</summary>
    public void Note(TimeSpan duration) => _usualSeconds = _usualSeconds == 0 ? duration.TotalSeconds : _usualSeconds + (Weight * (duration.TotalSeconds - _usualSeconds));

    /// <summary>When somebody who comes now would get a turn, by what answers usually take; zero when nothing is known.</summary>
    public TimeSpan Expect(int limit) => TimeSpan.FromSeconds(Math.Min(3_600, _usualSeconds * (Line.Count + 1) / Math.Max(1, limit)));
}
