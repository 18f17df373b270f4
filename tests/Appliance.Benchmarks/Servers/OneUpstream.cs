using System.Collections.Immutable;
using Appliance.Cluster.Routing;

namespace Appliance.Benchmarks.Servers;

/// <summary>A cluster in which one model is always live.</summary>
internal sealed class OneUpstream(Uri address) : IUpstreams
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
        Availability = UpstreamAvailability.Serving,
    };

    public ImmutableArray<Upstream> All => [_upstream];

    public Task NextChange { get; } = new TaskCompletionSource().Task;

    public ImmutableArray<KnownAlias> Aliases => [];

    public UpstreamMatch Find(string? model, UpstreamTask task) => new UpstreamMatch.Serving(_upstream);
}
