namespace Appliance.Gateway.Limits;

/// <summary>What became of waiting for a turn at a server.</summary>
internal abstract record TurnOutcome
{
    private TurnOutcome()
    {
    }

    /// <summary>It is this request's turn. Dispose it when the answer is out.</summary>
    public sealed record Taken(Turn Turn) : TurnOutcome;

    /// <summary>Too many wait already.</summary>
    public sealed record Full(TimeSpan RetryAfter) : TurnOutcome;

    /// <summary>The turn did not come in time.</summary>
    public sealed record TooLate(TimeSpan RetryAfter) : TurnOutcome;
}
