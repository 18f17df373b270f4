using System.Collections.Immutable;
using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>Answers what the test wrote down: matches by name for every task, and what no name means.</summary>
internal sealed class HandMadeUpstreams : IUpstreams
{
    private ImmutableArray<Upstream> _all = [];

    public ImmutableArray<Upstream> All => _all;

    /// <summary>Overrides every lookup while it is set.</summary>
    public Func<string?, UpstreamMatch>? Answer { get; set; }

    public void Add(Upstream upstream) => _all = _all.Add(upstream);

    public UpstreamMatch Find(string? model, UpstreamTask task)
    {
        if (Answer is { } answer)
        {
            return answer(model);
        }

        var servers = _all.Where(upstream => upstream.Task == task);
        var found = model is null or "default" ? servers.FirstOrDefault() : servers.FirstOrDefault(upstream => upstream.Names.Contains(model, StringComparer.OrdinalIgnoreCase));
        return found is null ? new UpstreamMatch.Unknown([.. servers.SelectMany(upstream => upstream.Names.Take(1))]) : new UpstreamMatch.Serving(found);
    }
}
