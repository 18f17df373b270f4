namespace Appliance.Gateway.Limits;

/// <summary>
/// Learns how many requests at a time a server takes before more only make each other slow: one more while answers begin as quickly as with few (additive
/// increase), a tenth fewer when they begin much later (multiplicative decrease), at most once per round. What "quickly" is, is measured anew every minute
/// with a quarter of the requests: otherwise a limit that creeps up would take its own slowness for the usual. Pure and immutable.
/// </summary>
internal sealed record AdaptiveLimit
{
    /// <summary>Before anything is known.</summary>
    public static AdaptiveLimit Start { get; } = new();

    private const int Least = 1;

    /// <summary>vLLM's own default for sequences in one batch is 256.</summary>
    private const int Most = 256;

    private const double FirstGuess = 4;

    /// <summary>Twice as slow as with few is slow: a batch of a few sequences costs a GPU little more than one.</summary>
    private const double Slow = 2;

    private const double Less = 0.9;
    private const double MuchLess = 0.5;
    private const double Few = 0.25;

    /// <summary>Answers that make a measurement.</summary>
    private const int Measured = 3;

    /// <summary>A difference that nobody notices is none: the clock, the network, the first request after a pause.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan MeasureEvery = TimeSpan.FromMinutes(1);

    private double Exact { get; init; } = FirstGuess;

    /// <summary>How quickly answers begin when few are in work; null before the first.</summary>
    private TimeSpan? Quick { get; init; }

    private TimeSpan MeasuredAt { get; init; }

    private bool WasUsed { get; init; }

    private TimeSpan LoweredAt { get; init; } = TimeSpan.MinValue;

    private Measurement? Now { get; init; }

    /// <summary>Requests at a time.</summary>
    public int Value => Math.Max(Least, (int)(Now is null ? Exact : Exact * Few));

    /// <summary>What one answer teaches.</summary>
    /// <param name="response">From sending the request to the first piece of its answer; null when there was none.</param>
    /// <param name="wasOverload">Whether the server gave up on it.</param>
    /// <param name="together">Requests in work when it began, itself included.</param>
    /// <param name="began">When it began, on a clock that only goes forward.</param>
    /// <param name="now">Now, on the same clock.</param>
    public AdaptiveLimit Learn(TimeSpan? response, bool wasOverload, int together, TimeSpan began, TimeSpan now)
    {
        if (wasOverload)
        {
            return Lower(MuchLess, began, now);
        }

        if (response is not { } time)
        {
            return this;
        }

        if (Now is { } measurement)
        {
            return began < measurement.Began ? this : Measure(measurement, time, now);
        }

        if (WasUsed && now - MeasuredAt >= MeasureEvery)
        {
            return this with { Now = new Measurement(now, 0, TimeSpan.MaxValue) };
        }

        var known = this with { Quick = Quick is { } quick && quick < time ? quick : time };
        if (time > (known.Quick!.Value * Slow) + Slack)
        {
            return known.Lower(Less, began, now);
        }

        // Whoever does not use the limit learns nothing about it.
        return together >= Exact - 1 ? known with { Exact = Math.Min(Most, known.Exact + (1 / known.Exact)), WasUsed = true } : known;
    }

    private AdaptiveLimit Measure(Measurement measurement, TimeSpan time, TimeSpan now)
    {
        var next = new Measurement(measurement.Began, measurement.Answers + 1, measurement.Best < time ? measurement.Best : time);
        return next.Answers < Measured
            ? this with { Now = next }
            : this with { Now = null, Quick = next.Best, MeasuredAt = now, WasUsed = false };
    }

    /// <summary>A request that began before the last decrease says nothing about the number after it.</summary>
    private AdaptiveLimit Lower(double factor, TimeSpan began, TimeSpan now) =>
        began < LoweredAt ? this : this with { Exact = Math.Max(Least, Exact * factor), LoweredAt = now, WasUsed = true };

    private sealed record Measurement(TimeSpan Began, int Answers, TimeSpan Best);
}
