namespace Appliance.Gateway.Images;

/// <summary>What became of fetching a picture.</summary>
internal abstract record ImageOutcome
{
    private ImageOutcome()
    {
    }

    /// <summary>Here it is.</summary>
    /// <param name="MediaType">One of the types that are let through.</param>
    /// <param name="Bytes">The picture.</param>
    public sealed record Fetched(string MediaType, ReadOnlyMemory<byte> Bytes) : ImageOutcome;

    /// <summary>There is none.</summary>
    /// <param name="Reason">Why, as the end of a sentence.</param>
    public sealed record Failed(string Reason) : ImageOutcome;
}
