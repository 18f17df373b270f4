namespace Appliance.Cluster.Health;

/// <summary>What a service's health path said.</summary>
internal abstract record ServiceAnswer
{
    private ServiceAnswer()
    {
    }

    /// <summary>The service does not listen; only its container can be looked at.</summary>
    public sealed record NotAsked : ServiceAnswer;

    /// <summary>200.</summary>
    public sealed record Well(TimeSpan Took) : ServiceAnswer;

    /// <summary>Anything else, in a few words.</summary>
    public sealed record Bad(string Problem) : ServiceAnswer;
}
