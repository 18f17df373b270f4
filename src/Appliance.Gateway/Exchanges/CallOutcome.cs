using System.Globalization;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.OpenAi;

namespace Appliance.Gateway.Exchanges;

/// <summary>What became of a call to an upstream.</summary>
internal abstract record CallOutcome
{
    private CallOutcome()
    {
    }

    /// <summary>A good status, and the body read whole. Dispose the body.</summary>
    /// <param name="Body">The bytes.</param>
    public sealed record Answered(PooledBody Body) : CallOutcome;

    /// <summary>The upstream's own refusal.</summary>
    /// <param name="Status">Its status, 400 to 599.</param>
    /// <param name="Body">The beginning of its body.</param>
    /// <param name="RetryAfter">When it wants to be asked again, as it wrote it.</param>
    public sealed record Refused(int Status, ReadOnlyMemory<byte> Body, string? RetryAfter) : CallOutcome
    {
        /// <summary>The same for the caller.</summary>
        public Failure ToFailure() => new(Status, UpstreamErrorReader.Read(Status, Body))
        {
            RetryAfter = int.TryParse(RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    /// <summary>No answer at all.</summary>
    /// <param name="Failure">Why.</param>
    public sealed record Failed(Failure Failure) : CallOutcome;
}
