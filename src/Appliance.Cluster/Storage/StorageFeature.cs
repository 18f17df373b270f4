using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Cluster.Storage;

/// <summary>Registers the store.</summary>
public static class StorageFeature
{
    /// <summary>
    /// Adds <see cref="DataDirectory"/>, <see cref="InstanceLock"/> and <see cref="Database"/>. Both open when the host starts, before anything else starts:
    /// starting then throws <see cref="StoreException"/>, whose message is to be printed as it is.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, DataDirectory data)
    {
        services.AddSingleton(data);
        services.AddSingleton(_ => InstanceLock.Take(data));
        services.AddSingleton(provider =>
        {
            // Nobody touches the file before the directory is ours; the container lets go in the reverse order.
            _ = provider.GetRequiredService<InstanceLock>();
            return Database.Open(data.Database);
        });
        services.AddHostedService<StorageStart>();
        return services;
    }
}
