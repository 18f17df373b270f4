using System.Collections.Immutable;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Exchanges;
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

    /// <summary>Where it names its model.</summary>
    public required ModelNamePlace ModelName { get; init; }

    /// <summary>Which fields of a JSON body hold addresses that a model server would fetch.</summary>
    public MediaFields Media { get; init; }

    /// <summary>The parameters of the query that are passed on, in lower case; all others are dropped.</summary>
    public ImmutableArray<string> Query { get; init; } = [];

    /// <summary>Bytes; a larger body is a 413.</summary>
    public required long BodyLimit { get; init; }

    /// <summary>The body limit as a setting in mebibytes, which then holds instead.</summary>
    public NumberSetting? BodyLimitSetting { get; init; }

    /// <summary>How long the upstream may take for the first byte of its answer, counted from the last byte that it was sent.</summary>
    public required TimeSpan FirstByte { get; init; }

    /// <summary>How long nothing may come between two bytes of a streamed answer.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>Whether pictures that its requests name may be fetched, where the owner allows that. The other rows have a use of their own for their bodies.</summary>
    public bool FetchesPictures => Task == UpstreamTask.Chat && Exchange == RouteExchange.Forward;

    /// <summary>How its requests get to their upstream.</summary>
    public RouteExchange Exchange { get; init; }

    /// <summary>Whether a WebSocket may be opened on it, which is then passed through without a look inside.</summary>
    public bool IsTunnel { get; init; }

    /// <summary>How a streamed answer ends, so that one without this end was cut off.</summary>
    public StreamEnd StreamEnd { get; init; }

    /// <summary>The shape in which its callers read errors.</summary>
    public ErrorDialect Errors { get; init; }

    /// <summary>The type of its body; null when it has none.</summary>
    public string? ContentType => ModelName switch
    {
        ModelNamePlace.JsonBody => "application/json",
        ModelNamePlace.Form => "multipart/form-data",
        _ => null,
    };

    /// <summary>The limit that holds now, in bytes.</summary>
    public long FindBodyLimit(ISettings settings) => BodyLimitSetting is { } setting ? settings.Get(setting) * PassThroughTable.Mebibyte : BodyLimit;
}
