using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Routing;

/// <summary>Who answers for which name, for one snapshot and one definition. Pure and immutable.</summary>
internal sealed class UpstreamTable
{
    /// <summary>A name that every caller may use instead of a model's.</summary>
    private const string DefaultName = "default";

    private readonly ClusterSnapshot _snapshot;
    private readonly ClusterDefinition _definition;

    public UpstreamTable(ClusterSnapshot snapshot, ClusterDefinition definition)
    {
        _snapshot = snapshot;
        _definition = definition;
        All =
        [
            .. definition.Lanes.Select(lane => LaneUpstream.From(lane, snapshot, definition)).OfType<Upstream>(),
            .. definition.Services.Select(service => ServiceUpstream.From(service, snapshot, definition)).OfType<Upstream>(),
        ];
    }

    public ImmutableArray<Upstream> All { get; }

    public bool IsFor(ClusterSnapshot snapshot, ClusterDefinition definition) =>
        ReferenceEquals(snapshot, _snapshot) && ReferenceEquals(definition, _definition);

    public UpstreamMatch Find(string? model, UpstreamTask task)
    {
        var servers = All.Where(upstream => upstream.Task == task).ToImmutableArray();
        if (string.IsNullOrEmpty(model) || IsSame(model, DefaultName))
        {
            return FindBest(servers) is { } best ? Match(best) : new UpstreamMatch.Unavailable(NothingFor(task));
        }

        if (FindBest(servers.Where(upstream => upstream.Names.Any(name => IsSame(name, model)))) is { } named)
        {
            return Match(named);
        }

        if (FindCard(model) is { } card)
        {
            return task == UpstreamTask.Chat ? new UpstreamMatch.Unavailable(WhyNotLoaded(card)) : Unknown(servers);
        }

        var isNameOfAnother = All.Any(upstream => upstream.Names.Any(name => IsSame(name, model)));
        if (!isNameOfAnother && FindBest(servers.Where(upstream => upstream.ServedName.Length == 0 && IsService(upstream))) is { } service)
        {
            // Nobody told us which model this service runs, so its own names for it are not ours to judge: it answers 404 itself.
            return Match(service);
        }

        return task == UpstreamTask.Chat && !_snapshot.ModelsAreKnown
            ? new UpstreamMatch.Unavailable($"The disks have not been listed yet, so nobody knows whether there is a model '{model}'. Try again in a few seconds.")
            : Unknown(servers);
    }

    private static UpstreamMatch Match(Upstream upstream) => upstream.Availability switch
    {
        UpstreamAvailability.Serving => new UpstreamMatch.Serving(upstream),
        UpstreamAvailability.Loading => new UpstreamMatch.Loading(upstream),
        _ => new UpstreamMatch.Unavailable(upstream.Reason ?? $"{upstream.Id} does not answer."),
    };

    /// <summary>The first that serves, else the first that loads, else the first.</summary>
    private static Upstream? FindBest(IEnumerable<Upstream> servers) => servers.MinBy(upstream => upstream.Availability);

    private static UpstreamMatch.Unknown Unknown(ImmutableArray<Upstream> servers) =>
        new([.. servers.Where(upstream => upstream.Availability == UpstreamAvailability.Serving).SelectMany(upstream => upstream.Names.Take(1))]);

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string NothingFor(UpstreamTask task) => task switch
    {
        UpstreamTask.Chat => "No lane for chat models is set up.",
        UpstreamTask.Embeddings => "No embeddings server is set up.",
        UpstreamTask.Transcription => "No server for speech to text is set up.",
        _ => "No server for text to speech is set up.",
    };

    private bool IsService(Upstream upstream) => _definition.Services.Any(service => service.Id.Value == upstream.Id);

    private ModelCard? FindCard(string model) => _snapshot.Models.FirstOrDefault(card =>
        IsSame(card.Id.Value, model) || IsSame(card.Repo.ToString(), model) || (card.Recipe is { } recipe && IsSame(recipe.ServedName, model)));

    private string WhyNotLoaded(ModelCard card)
    {
        if (card.State is ModelState.NeedsSetup)
        {
            return $"{card.Name} is on the disk, but nobody has said how to start it. Set it up on the dashboard first.";
        }

        if (card.State is ModelState.Incomplete or ModelState.Downloading or ModelState.Deleting)
        {
            return $"{card.Name} is not complete on the disk, so it cannot be started.";
        }

        var replaced = _snapshot.Lanes.FirstOrDefault(lane => lane.Swap is { } job && job.From == card.Id && LaneUpstream.IsUnderWay(job));
        if (replaced is not null)
        {
            return $"{card.Name} is being stopped to make room for another model on the lane {replaced.Definition.Name}.";
        }

        var loaded = _snapshot.Lanes.Where(lane => lane.Serving is not null).Select(lane => lane.Serving!.Name).Distinct(StringComparer.Ordinal).ToArray();
        var now = loaded.Length == 0 ? "No model is loaded" : $"Loaded now: {string.Join(", ", loaded)}";
        return $"{card.Name} is not loaded. {now}. Start it on the dashboard, or with POST /api/swap and {{\"model\":\"{card.Id}\"}}.";
    }
}
