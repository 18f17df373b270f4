namespace Appliance.Cluster.Health;

/// <summary>Who answers at an address.</summary>
public abstract record IdentityAnswer
{
    private IdentityAnswer()
    {
    }

    /// <summary>A server named its model.</summary>
    /// <param name="ServedName">The id it answers to.</param>
    /// <param name="Root">The repo or path it really loaded; null when the server does not say.</param>
    /// <param name="MaxModelLength">The longest prompt plus answer in tokens; null when the server does not say.</param>
    public sealed record Named(string ServedName, string? Root, int? MaxModelLength) : IdentityAnswer;

    /// <summary>Nobody listens there.</summary>
    public sealed record Refused : IdentityAnswer;

    /// <summary>Somebody listens, but no sensible answer came.</summary>
    /// <param name="Reason">What came instead, in words.</param>
    public sealed record NoAnswer(string Reason) : IdentityAnswer;
}
