namespace Appliance.Gateway.Exchanges;

/// <summary>What was learned about an upstream by asking it. Being wrong for a moment costs one more question, so its fields are simply written.</summary>
internal sealed class UpstreamHabit
{
    /// <summary>The most texts that it takes at once; null while nobody knows of a limit.</summary>
    public int? BatchLimit { get; set; }

    /// <summary>Whether it was asked for its limit.</summary>
    public bool WasAskedForLimit { get; set; }

    /// <summary>Where it ranks texts; null while nobody knows.</summary>
    public string? RerankPath { get; set; }

    /// <summary>Whether it has given a score outside of 0 to 1: then none of its scores is a probability.</summary>
    public bool GivesLogits { get; set; }
}
