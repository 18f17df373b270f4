using System.Collections.Immutable;
using System.Text.Json;
using Appliance.Cluster.Events;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Appliance.Cluster.Routing;

/// <summary>
/// Keeps what aliases stand for: durable before it is in force, and then in force at once, also for requests that are waiting. The only writer of
/// <see cref="ClusterSnapshot.Aliases"/>. Thread-safe.
/// </summary>
public sealed class AliasBook : IHostedService, IDisposable
{
    private readonly Database _database;
    private readonly IEventLog _events;
    private readonly ClusterView _view;
    private readonly ITopology _topology;
    private readonly TimeProvider _time;

    /// <summary>One change at a time: each is decided on what the one before left.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    internal AliasBook(Database database, IEventLog events, ClusterView view, ITopology topology, TimeProvider time)
    {
        (_database, _events, _view, _topology, _time) = (database, events, view, topology, time);
    }

    /// <summary>Puts these in the place of all. An empty list takes an alias away; a built-in one then means what it means by itself.</summary>
    /// <param name="wish">The models of each alias, the preferred one first, by any of their names.</param>
    /// <param name="by">Who asks, in words.</param>
    /// <param name="cancellationToken">Counts until the change is being written.</param>
    public Task<AliasOutcome> ReplaceAsync(IReadOnlyDictionary<string, ImmutableArray<string>> wish, string by, CancellationToken cancellationToken) =>
        ChangeAsync(_ => wish, by, cancellationToken);

    /// <summary>Changes one alias and leaves the others as they are.</summary>
    /// <param name="alias">The alias, in any case.</param>
    /// <param name="models">Its models, the preferred one first; empty takes it away.</param>
    /// <param name="by">Who asks, in words.</param>
    /// <param name="cancellationToken">Counts until the change is being written.</param>
    public Task<AliasOutcome> SetAsync(string alias, ImmutableArray<string> models, string by, CancellationToken cancellationToken) =>
        ChangeAsync(now => now.Lists.Remove(alias.Trim().ToLowerInvariant()).Add(alias, models), by, cancellationToken);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var rows = await _database.ReadAsync(
            connection => connection.Query<(string Name, string Models)>("SELECT name, models FROM aliases").ToArray(), cancellationToken);
        var stored = new ModelAliases
        {
            Lists = rows.ToImmutableSortedDictionary(
                row => row.Name,
                row => JsonSerializer.Deserialize(row.Models, AliasJson.Default.ImmutableArrayString),
                StringComparer.Ordinal),
        };
        _view.Update(snapshot => snapshot with { Aliases = stored });
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<AliasOutcome> ChangeAsync(
        Func<ModelAliases, IReadOnlyDictionary<string, ImmutableArray<string>>> wish, string by, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var snapshot = _view.Current;
            var outcome = AliasCheck.Decide(wish(snapshot.Aliases), snapshot, _topology.Current);
            if (outcome is AliasOutcome.Changed { Aliases: var next } && !IsSame(next, snapshot.Aliases))
            {
                await _events.AppendAsync(Tell(next, by), (connection, transaction) => Write(connection, transaction, next), cancellationToken);
                _view.Update(current => current with { Aliases = next });
            }

            return outcome;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static bool IsSame(ModelAliases left, ModelAliases right) =>
        left.Lists.Count == right.Lists.Count && left.Lists.All(list => right.Lists.TryGetValue(list.Key, out var models) && models.SequenceEqual(list.Value, StringComparer.Ordinal));

    private ApplianceEvent Tell(ModelAliases next, string by) => new()
    {
        At = _time.GetUtcNow(),
        Type = EventTypes.AliasesChanged,
        Component = "routing",
        Sentence = $"The aliases were changed by {by}",
        Details = ImmutableSortedDictionary<string, string>.Empty
            .Add("aliases", string.Join(' ', next.Lists.Keys))
            .Add("by", by),
    };

    private static void Write(SqliteConnection connection, SqliteTransaction transaction, ModelAliases aliases)
    {
        connection.Execute("DELETE FROM aliases", null, transaction);
        connection.Execute(
            "INSERT INTO aliases (name, models) VALUES (@Name, @Models)",
            aliases.Lists.Select(list => new { Name = list.Key, Models = JsonSerializer.Serialize(list.Value, AliasJson.Default.ImmutableArrayString) }),
            transaction);
    }
}
