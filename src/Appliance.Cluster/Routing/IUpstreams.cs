using System.Collections.Immutable;

namespace Appliance.Cluster.Routing;

/// <summary>What the gateway may send requests to. Thread-safe; every call answers from the newest snapshot.</summary>
public interface IUpstreams
{
    /// <summary>Every server that is known, live or not.</summary>
    ImmutableArray<Upstream> All { get; }

    /// <summary>Ends when the answers may have changed. Take it before asking, so that no change falls between.</summary>
    Task NextChange { get; }

    /// <summary>Every alias, and whom it reaches now: fixed ones first, then the owner's and the built-in ones.</summary>
    ImmutableArray<KnownAlias> Aliases { get; }

    /// <summary>
    /// Finds who answers for a model name among the servers of a task: an id, a repo, a served name or a person's name for the model, a fixed alias, an alias
    /// (see <see cref="BuiltInAlias"/>); null means <c>default</c>. Upper and lower case make no difference.
    /// </summary>
    UpstreamMatch Find(string? model, UpstreamTask task);
}
