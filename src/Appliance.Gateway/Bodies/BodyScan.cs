using System.Collections.Immutable;

namespace Appliance.Gateway.Bodies;

/// <summary>What was found in a JSON body.</summary>
internal abstract record BodyScan
{
    private BodyScan()
    {
    }

    /// <summary>It can be forwarded.</summary>
    /// <param name="Model">The wanted model; null when the body names none.</param>
    /// <param name="Place">Where its name goes.</param>
    /// <param name="WantsStream">Whether it asks for the answer as a stream.</param>
    public sealed record Good(string? Model, ModelPlace Place, bool WantsStream) : BodyScan
    {
        /// <summary>Pictures that have to be fetched first; only where that is allowed.</summary>
        public ImmutableArray<MediaAddress> Pictures { get; init; } = [];
    }

    /// <summary>It cannot.</summary>
    /// <param name="Message">Why, for the caller, without any of the body's text.</param>
    /// <param name="Param">The field at fault.</param>
    /// <param name="Code">A stable name.</param>
    public sealed record Bad(string Message, string? Param, string Code) : BodyScan;
}
