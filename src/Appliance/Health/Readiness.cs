using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Health;

/// <summary>Finds what keeps the appliance from doing its work. No upstream is asked: a model that is down is not our defect.</summary>
internal sealed partial class Readiness(
    Database database, ClusterView view, ITopology topology, IEnumerable<ConfiguredTopology> configured, IEnumerable<IEditedFile> files, Loops loops, IHostApplicationLifetime lifetime, ILogger<Readiness> logger)
{
    public async Task<IReadOnlyList<string>> FindReasonsAsync(CancellationToken cancellationToken)
    {
        var reasons = new List<string>(loops.FindBroken());
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            reasons.Add("The appliance is shutting down.");
        }

        if (topology.Current.Hosts.IsEmpty)
        {
            reasons.Add("No machine is configured: set SPARK1_HOST, for example SPARK1_HOST=192.0.2.10.");
        }

        reasons.AddRange(configured.SelectMany(one => one.Problems));
        try
        {
            await database.ReadAsync(static _ => true, cancellationToken);
        }
        catch (StoreException exception)
        {
            LogStore(exception);
            reasons.Add(exception.Message);
        }

        if (view.Current.Store is { } trouble)
        {
            reasons.Add(trouble.Message);
        }

        return reasons;
    }

    /// <summary>What is wrong with the files that a person edits. What was good before is in force, so requests can come.</summary>
    public IReadOnlyList<string> FindWarnings() => [.. files.SelectMany(file => file.Problems.Select(problem => $"{file.FileName}: {problem}"))];

    [LoggerMessage(Level = LogLevel.Error, Message = "The store could not be read, so the appliance is not ready")]
    private partial void LogStore(Exception exception);
}
