using Microsoft.Extensions.Hosting;

namespace Appliance.Cluster.Storage;

/// <summary>Asks for the database when the host is built, so that a refusal is a refusal to start and not the first failed request.</summary>
internal sealed class StorageStart(Database database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.ReadAsync(_ => true, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
