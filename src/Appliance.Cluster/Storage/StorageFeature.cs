using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Cluster.Storage;

/// <summary>Registers the store.</summary>
public static class StorageFeature
{
    /// <summary>
    /// Adds <see cref="DataDirectory"/>, <see cref="InstanceLock"/> and <see cref="Database"/>. Both open when the host starts, before anything else starts:
    /// starting then throws <see cref="StoreException"/>, whose message is to be printed as it is.
    /// Its blocking work runs on the registered <see cref="TaskScheduler"/>, the thread pool by default.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, DataDirectory data)
    {
        services.TryAddSingleton(TaskScheduler.Default);
        services.AddSingleton(data);
        services.AddSingleton(_ => InstanceLock.Take(data));
        services.AddSingleton(provider =>
        {
            // Nobody touches the file before the directory is ours; the container lets go in the reverse order.
            _ = provider.GetRequiredService<InstanceLock>();
            return Database.Open(data.Database, provider.GetRequiredService<TaskScheduler>());
        });
        services.AddHostedService<StorageStart>();
        return services;
    }
}
