using Appliance.Cluster.Routing;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.OpenAi;

namespace Appliance.Gateway.PassThrough;

/// <summary>One forwarded path: a row of <see cref="PassThroughTable"/>.</summary>
internal sealed record PassThroughRoute
{
    /// <summary>The endpoint's name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>One line for the reference page.</summary>
    public required string Summary { get; init; }

    public required string Method { get; init; }

    /// <summary>The path, the same here and at the upstream.</summary>
    public required string Path { get; init; }

    /// <summary>Which servers can answer.</summary>
    public required UpstreamTask Task { get; init; }

    /// <summary>Where the body names its model.</summary>
    public required ModelNamePlace ModelName { get; init; }

    /// <summary>Which fields of a JSON body hold addresses that a model server would fetch.</summary>
    public MediaFields Media { get; init; }

    /// <summary>Bytes; a larger body is a 413.</summary>
    public required long BodyLimit { get; init; }

    /// <summary>How long the upstream may take for the first byte of its answer, counted from the last byte that it was sent.</summary>
    public required TimeSpan FirstByte { get; init; }

    /// <summary>How long nothing may come between two bytes of a streamed answer.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>How a streamed answer ends, so that one without this end was cut off.</summary>
    public StreamEnd StreamEnd { get; init; }

    /// <summary>The shape in which its callers read errors.</summary>
    public ErrorDialect Errors { get; init; }
}
