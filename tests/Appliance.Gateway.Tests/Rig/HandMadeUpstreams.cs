using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Routing;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>Answers what the test wrote down: matches by name for every task, and what no name means. A change rings the bell.</summary>
internal sealed class HandMadeUpstreams : IUpstreams
{
    private readonly Lock _gate = new();
    private readonly Bell _change = new();
    private ImmutableArray<Upstream> _all = [];
    private Func<string?, UpstreamMatch>? _answer;

    public ImmutableArray<Upstream> All
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    public ImmutableArray<KnownAlias> Aliases { get; set; } = [];

    public Task NextChange => _change.Next;

    /// <summary>Overrides every lookup while it is set.</summary>
    public Func<string?, UpstreamMatch>? Answer
    {
        get => _answer;
        set => Ring(() => _answer = value);
    }

    public void Add(Upstream upstream) => Ring(() => _all = _all.Add(upstream));

    /// <summary>Puts another in the place of the one with the same id.</summary>
    public void Set(Upstream upstream) => Ring(() => _all = [.. _all.Where(known => known.Id != upstream.Id), upstream]);

    public UpstreamMatch Find(string? model, UpstreamTask task)
    {
        if (Answer is { } answer)
        {
            return answer(model);
        }

        var servers = All.Where(upstream => upstream.Task == task).ToArray();
        var found = model is null or "default" ? servers.FirstOrDefault() : servers.FirstOrDefault(upstream => upstream.Names.Contains(model, StringComparer.OrdinalIgnoreCase));
        return found switch
        {
            null => new UpstreamMatch.Unknown([.. servers.SelectMany(upstream => upstream.Names.Take(1))]),
            { Availability: UpstreamAvailability.Serving } => new UpstreamMatch.Serving(found),
            { Availability: UpstreamAvailability.Loading } => new UpstreamMatch.Loading(found),
            _ => new UpstreamMatch.Unavailable(found.Reason ?? "It is down."),
        };
    }

    private void Ring(Action change)
    {
        lock (_gate)
        {
            change();
        }

        _change.Ring();
    }
}
