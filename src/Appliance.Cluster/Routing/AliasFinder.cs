using System.Collections.Immutable;
using System.Diagnostics;
using Appliance.Cluster.Models;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Routing;

/// <summary>Whom an alias reaches: fixed names by their port, the owner's lists in their order, built-in names by what is loaded. Pure.</summary>
internal sealed class AliasFinder(UpstreamTable table, ClusterSnapshot snapshot, ClusterDefinition definition)
{
    /// <summary>Every alias and whom it reaches now.</summary>
    public ImmutableArray<KnownAlias> All() =>
    [
        .. definition.Aliases.Select(alias => new KnownAlias(alias.Name, [], alias.Port, ForAnyTask(task => FindFixed(alias, table.ServersFor(task))))),
        .. BuiltInAlias.All.Select(alias => alias.Name).Concat(snapshot.Aliases.Lists.Keys).Distinct()
            .Select(name => new KnownAlias(name, snapshot.Aliases.Find(name), null, ForAnyTask(task => Find(name, table.ServersFor(task), task)!))),
    ];

    /// <summary>Who answers for an alias; null when there is none of that name.</summary>
    public UpstreamMatch? Find(string written, IEnumerable<Upstream> servers, UpstreamTask task)
    {
        if (!AliasName.TryParse(written, out var name))
        {
            return null;
        }

        if (definition.Aliases.FirstOrDefault(alias => alias.Name == name) is { } fixedAlias)
        {
            return FindFixed(fixedAlias, servers);
        }

        return snapshot.Aliases.Find(name) is { IsEmpty: false } list ? FindPreferred(name, list, servers, task)
            : BuiltInAlias.Find(name) is { } builtIn ? FindBuiltIn(builtIn, servers, task)
            : null;
    }

    private UpstreamMatch FindFixed(PortAlias alias, IEnumerable<Upstream> servers)
    {
        if (UpstreamTable.FindBest(servers.Where(upstream => upstream.Address.Port == alias.Port)) is { } server)
        {
            return UpstreamTable.Match(server);
        }

        return table.All.Any(upstream => upstream.Address.Port == alias.Port)
            ? table.Unknown(servers)
            : new UpstreamMatch.Unavailable($"'{alias.Name}' stands for port {alias.Port}, and no lane or service has that port.");
    }

    /// <summary>The first of the list that answers, else the first that is on its way, else the first that could be started.</summary>
    private UpstreamMatch FindPreferred(string name, ImmutableArray<string> list, IEnumerable<Upstream> servers, UpstreamTask task)
    {
        var found = list.Select(model => table.FindNamed(model, servers, task)).OfType<UpstreamMatch>().ToArray();
        return found.OfType<UpstreamMatch.Serving>().FirstOrDefault()
            ?? found.OfType<UpstreamMatch.Loading>().FirstOrDefault()
            ?? Explain(found.OfType<UpstreamMatch.Unavailable>().MinBy(unavailable => unavailable.Wanted is null))
            ?? (found.Length > 0 ? table.Unknown(servers) : (UpstreamMatch)new UpstreamMatch.Unavailable($"None of the models that '{name}' stands for is here: {string.Join(", ", list)}."));

        UpstreamMatch? Explain(UpstreamMatch.Unavailable? unavailable) =>
            unavailable is null ? null : unavailable with { Reason = $"None of the models that '{name}' stands for is loaded. {unavailable.Reason}" };
    }

    private UpstreamMatch FindBuiltIn(BuiltInAlias alias, IEnumerable<Upstream> servers, UpstreamTask task)
    {
        if (alias.Wants.IsEmpty)
        {
            var isAuto = alias.Name == BuiltInAlias.Auto;
            return (isAuto ? UpstreamTable.FindBest(servers) : servers.MinBy(upstream => upstream.Availability)) is { } any
                ? UpstreamTable.Match(any)
                : new UpstreamMatch.Unavailable(NothingFor(task));
        }

        var able = alias.Wants.Select(wanted => servers.Where(upstream => upstream.Capabilities.Contains(wanted) && upstream.Availability != UpstreamAvailability.Down).ToArray()).ToArray();
        var best = able.Select(group => group.FirstOrDefault(upstream => upstream.Availability == UpstreamAvailability.Serving)).FirstOrDefault(upstream => upstream is not null)
            ?? able.Select(group => group.FirstOrDefault()).FirstOrDefault(upstream => upstream is not null);
        if (best is not null)
        {
            return UpstreamTable.Match(best);
        }

        // A server that could, and is down, says more than "none".
        return UpstreamTable.FindBest(servers.Where(upstream => alias.Wants.Any(upstream.Capabilities.Contains))) is { } down
            ? UpstreamTable.Match(down)
            : IsOfTask(alias, task) ? new UpstreamMatch.Unavailable(NoneAble(alias))
            : table.Unknown(servers);
    }

    private static bool IsOfTask(BuiltInAlias alias, UpstreamTask task) => LaneUpstream.TaskOf(alias.Wants) == task;

    private string NoneAble(BuiltInAlias alias)
    {
        var could = snapshot.Models.Where(card => card.State == ModelState.Ready && alias.Wants.Any(card.Capabilities.Contains)).Select(card => card.Name).Take(5).ToArray();
        var none = $"'{alias.Name}' stands for {alias.Meaning}, and there is none now.";
        return could.Length == 0 ? none : $"{none} These could be started: {string.Join(", ", could)}.";
    }

    /// <summary>An alias is shown once, whatever it is asked for: with the first task that gets an answer.</summary>
    private static UpstreamMatch ForAnyTask(Func<UpstreamTask, UpstreamMatch> find)
    {
        var found = Enum.GetValues<UpstreamTask>().Select(find).ToArray();
        return found.FirstOrDefault(match => match is UpstreamMatch.Serving)
            ?? found.FirstOrDefault(match => match is UpstreamMatch.Loading)
            ?? found.FirstOrDefault(match => match is UpstreamMatch.Unavailable)
            ?? found[0];
    }

    private static string NothingFor(UpstreamTask task) => task switch
    {
        UpstreamTask.Chat => "No lane for chat models is set up.",
        UpstreamTask.Embeddings => "No embeddings server is set up.",
        UpstreamTask.Transcription => "No server for speech to text is set up.",
        UpstreamTask.Speech => "No server for text to speech is set up.",
        _ => throw new UnreachableException(),
    };
}
