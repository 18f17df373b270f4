using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Routing;

/// <summary>Who answers for which name, for one snapshot and one definition. Pure and immutable.</summary>
internal sealed class UpstreamTable
{
    private readonly ClusterSnapshot _snapshot;
    private readonly ClusterDefinition _definition;
    private readonly AliasFinder _aliases;
    private readonly ILookup<UpstreamTask, Upstream> _byTask;

    public UpstreamTable(ClusterSnapshot snapshot, ClusterDefinition definition)
    {
        _snapshot = snapshot;
        _definition = definition;
        All =
        [
            .. definition.Lanes.Select(lane => LaneUpstream.From(lane, snapshot, definition)).OfType<Upstream>(),
            .. definition.Services.Select(service => ServiceUpstream.From(service, snapshot, definition)).OfType<Upstream>(),
        ];
        _byTask = All.ToLookup(upstream => upstream.Task);
        _aliases = new AliasFinder(this, snapshot, definition);
    }

    public ImmutableArray<Upstream> All { get; }

    public ImmutableArray<KnownAlias> Aliases => _aliases.All();

    public bool IsFor(ClusterSnapshot snapshot, ClusterDefinition definition) =>
        ReferenceEquals(snapshot, _snapshot) && ReferenceEquals(definition, _definition);

    /// <summary>A model's own name first: an alias never hides a model that came to the disks later.</summary>
    public UpstreamMatch Find(string? model, UpstreamTask task)
    {
        var servers = ServersFor(task);
        var name = string.IsNullOrWhiteSpace(model) ? BuiltInAlias.Default : model.Trim();
        return FindNamed(name, servers, task) ?? _aliases.Find(name, servers, task) ?? FindNameless(name, servers, task);
    }

    /// <summary>The servers that can be asked for a task.</summary>
    public IEnumerable<Upstream> ServersFor(UpstreamTask task) => _byTask[task];

    /// <summary>Who answers for a model's own name; null when no model and no server has it.</summary>
    public UpstreamMatch? FindNamed(string name, IEnumerable<Upstream> servers, UpstreamTask task)
    {
        if (FindBest(servers.Where(upstream => HasName(upstream, name))) is { } named)
        {
            return Match(named);
        }

        if (ModelNames.Find(_snapshot.Models, name) is { } card)
        {
            return FindBest(servers.Where(upstream => upstream.ModelId == card.Id.Value)) is { } server ? Match(server)
                : FindComing(card, task) is { } coming ? new UpstreamMatch.Loading(coming)
                : LaneUpstream.TaskOf(card.Capabilities) is var meant && meant == task ? WhyNotLoaded(card)
                : Unknown(servers) with { MeantFor = meant };
        }

        return All.FirstOrDefault(upstream => HasName(upstream, name)) is { } other ? Unknown(servers) with { MeantFor = other.Task } : null;
    }

    /// <summary>What a server's state means for a request.</summary>
    public static UpstreamMatch Match(Upstream upstream) => upstream.Availability switch
    {
        UpstreamAvailability.Serving => new UpstreamMatch.Serving(upstream),
        UpstreamAvailability.Loading => new UpstreamMatch.Loading(upstream),
        _ => new UpstreamMatch.Unavailable(upstream.Reason ?? $"{upstream.Id} does not answer."),
    };

    /// <summary>The first that serves, else the first that loads, else the first. Of two that serve the same, the one with less to do.</summary>
    public static Upstream? FindBest(IEnumerable<Upstream> servers) => servers.MinBy(upstream => (upstream.Availability, upstream.Load ?? 0));

    /// <summary>The answer for a name that is nobody's, with the names that would work now.</summary>
    public UpstreamMatch.Unknown Unknown(IEnumerable<Upstream> servers)
    {
        var serving = servers.Where(upstream => upstream.Availability == UpstreamAvailability.Serving).ToArray();
        return new UpstreamMatch.Unknown(
        [
            .. serving.SelectMany(upstream => upstream.Names.Take(1)),
            .. _definition.Aliases.Where(alias => serving.Any(upstream => upstream.Address.Port == alias.Port)).Select(alias => alias.Name),
            .. _snapshot.Aliases.Lists.Where(list => list.Value.Any(model => serving.Any(upstream => HasName(upstream, model)))).Select(list => list.Key),
        ]);
    }

    private UpstreamMatch FindNameless(string name, IEnumerable<Upstream> servers, UpstreamTask task)
    {
        if (FindBest(servers.Where(upstream => upstream.ServedName.Length == 0 && IsService(upstream))) is { } service)
        {
            // Nobody told us which model this service runs, so its own names for it are not ours to judge: it answers 404 itself.
            return Match(service);
        }

        // Where no machine lets us look at its disks, nothing more will become known.
        var maySoonBeKnown = !_snapshot.ModelsAreKnown && _snapshot.Hosts.Any(host => host.Fault is null);
        return task == UpstreamTask.Chat && maySoonBeKnown
            ? new UpstreamMatch.Unavailable($"The disks have not been listed yet, so nobody knows whether there is a model '{name}'. Try again in a few seconds.")
            : Unknown(servers);
    }

    private static bool HasName(Upstream upstream, string name) => upstream.Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private bool IsService(Upstream upstream) => _definition.Services.Any(service => service.Id.Value == upstream.Id);

    /// <summary>The lane that will have a model: a job for it was accepted and has not begun to change anything.</summary>
    private Upstream? FindComing(ModelCard card, UpstreamTask task) =>
        _snapshot.Lanes.SelectMany(lane => lane.Queue.Prepend(lane.Swap)).FirstOrDefault(job => job is { Kind: SwapKind.Swap } && job.Model == card.Id && !job.State.IsTerminal()) is { } job
        && All.FirstOrDefault(upstream => upstream.Id == job.Lane.Value) is { } now
        && LaneUpstream.Coming(now, job, _snapshot) is { } coming
        && coming.Task == task
            ? coming
            : null;

    private UpstreamMatch.Unavailable WhyNotLoaded(ModelCard card)
    {
        if (card.State is ModelState.NeedsSetup)
        {
            return new UpstreamMatch.Unavailable($"{card.Name} is on the disk, but nobody has said how to start it. Set it up on the dashboard first.");
        }

        if (card.State is ModelState.Incomplete or ModelState.Downloading or ModelState.Deleting)
        {
            return new UpstreamMatch.Unavailable($"{card.Name} is not complete on the disk, so it cannot be started.");
        }

        var replaced = _snapshot.Lanes.FirstOrDefault(lane => lane.Swap is { } job && job.From == card.Id && LaneUpstream.IsUnderWay(job));
        if (replaced is not null)
        {
            return new UpstreamMatch.Unavailable($"{card.Name} is being stopped to make room for another model on the lane {replaced.Definition.Name}.") { Wanted = card.Id };
        }

        var loaded = _snapshot.Lanes.Where(lane => lane.Serving is not null).Select(lane => lane.Serving!.Name).Distinct(StringComparer.Ordinal).ToArray();
        var now = loaded.Length == 0 ? "No model is loaded" : $"Loaded now: {string.Join(", ", loaded)}";
        var failed = _snapshot.Lanes.Select(lane => lane.LastSwap).FirstOrDefault(job => job is { State: SwapState.Failed or SwapState.RolledBack, Failure: not null } && job.Model == card.Id);
        var lastTry = failed is null ? string.Empty : $" The last try to start it did not work: {failed.Failure!.Message}";
        return new UpstreamMatch.Unavailable($"{card.Name} is not loaded.{lastTry} {now}. Start it on the dashboard, or with POST /api/swap and {{\"model\":\"{card.Id}\"}}.") { Wanted = card.Id };
    }
}
