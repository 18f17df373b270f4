namespace Appliance.Demo.FakeUpstreams;

/// <summary>How a stand-in model server behaves. A change holds from the next token on.</summary>
public sealed record FakeServerBehaviour
{
    /// <summary>Tokens and silence as a home machine has them: 40 tokens a second after 120 ms.</summary>
    public static FakeServerBehaviour Default { get; } = new();

    /// <summary>Everything at once, for tests that do not look at time.</summary>
    public static FakeServerBehaviour Immediate { get; } = new() { TokensPerSecond = double.PositiveInfinity, TimeToFirstToken = TimeSpan.Zero };

    /// <summary>Speed of one answer; infinite means no waiting between tokens.</summary>
    public double TokensPerSecond { get; init; } = 40;

    /// <summary>Silence before the first token.</summary>
    public TimeSpan TimeToFirstToken { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>Health and identity answer well, requests are accepted, and no token ever comes (F-10).</summary>
    public bool Wedged { get; init; }

    /// <summary>Health and identity answer well, every generation is a 500 of a dead engine (F-11).</summary>
    public bool ModelsOnly { get; init; }

    /// <summary>How long <c>/health</c> and <c>/ping</c> take: a busy GPU blips for seconds.</summary>
    public TimeSpan HealthDelay { get; init; }

    /// <summary>Whether <c>/health</c> answers 200; otherwise 503, as with a dead engine.</summary>
    public bool Healthy { get; init; } = true;

    /// <summary>Whether <c>/metrics</c> is there.</summary>
    public bool HasMetrics { get; init; } = true;

    /// <summary>The status every generation is answered with; null for a real answer.</summary>
    public int? AnswerStatus { get; init; }

    /// <summary>The connection is cut after so many tokens of an answer; null never.</summary>
    public int? CutAfterTokens { get; init; }

    /// <summary>What the model says instead of its usual sentences; null for those.</summary>
    public string? Answer { get; init; }

    /// <summary>Called before every token with its number from 0, and awaited: lets a test step through an answer.</summary>
    public Func<int, CancellationToken, Task>? BeforeToken { get; init; }

    internal TimeSpan TokenInterval => double.IsInfinity(TokensPerSecond) || TokensPerSecond <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1 / TokensPerSecond);
}
