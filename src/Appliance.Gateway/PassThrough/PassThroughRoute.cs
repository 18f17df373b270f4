using Appliance.Cluster.Routing;

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

    /// <summary>Bytes; a larger body is a 413.</summary>
    public required long BodyLimit { get; init; }

    /// <summary>How long nothing may come from the upstream: before the first byte, and between two.</summary>
    public required TimeSpan Silence { get; init; }

    /// <summary>Whether a streamed answer ends with <c>data: [DONE]</c>, so that one without was cut off.</summary>
    public bool StreamEndsWithDone { get; init; }
}
