using System.Collections.Immutable;
using Appliance.Cluster.Routing;

namespace Appliance.Benchmarks.Servers;

/// <summary>A cluster in which one model is always live, or always stuck.</summary>
internal sealed class OneUpstream(Uri address, UpstreamAvailability availability) : IUpstreams
{
    private readonly Upstream _upstream = new()
    {
        Id = "main",
        Task = UpstreamTask.Chat,
        Address = address,
        ServedName = StandInModel.Name,
        ModelId = "owner--stand-in",
        Names = ["owner--stand-in", "owner/stand-in", StandInModel.Name],
        MaxModelLength = 32_768,
        Availability = availability,
    };

    public ImmutableArray<Upstream> All => [_upstream];

    public Task NextChange { get; } = new TaskCompletionSource().Task;

    public ImmutableArray<KnownAlias> Aliases => [];

    public UpstreamMatch Find(string? model, UpstreamTask task) =>
        availability == UpstreamAvailability.Serving ? new UpstreamMatch.Serving(_upstream) : new UpstreamMatch.Unavailable("The server is stuck.");
}
