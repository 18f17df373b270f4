using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Fence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosts.Ssh;

/// <summary>Registers real hosts over SSH.</summary>
public static class SshFeature
{
    /// <summary>Declares the settings of the way to the machines: also where there are none, so that they can be set there.</summary>
    public static IServiceCollection AddSshSettings(this IServiceCollection services) => services.AddSetting(SshSettings.Trust);

    /// <summary>
    /// Adds <see cref="IHostShell"/>, <see cref="IHostTrust"/>, <see cref="SshKey"/> and <see cref="HostKeyDesk"/>. Needs <see cref="ITopology"/> and configured
    /// <see cref="SshOptions"/>. The container must be disposed asynchronously: that ends the SSH connections.
    /// </summary>
    public static IServiceCollection AddSshHosts(this IServiceCollection services)
    {
        services.AddOptions<SshOptions>()
            .ValidateDataAnnotations()
            .Validate(options => SshConfiguration.IsUsablePath(options.KeyPath), "SSH_KEY_PATH must be an absolute path without quotes, backslashes, dollar signs or line breaks, for example /data/ssh/id_ed25519.")
            .Validate(options => SshConfiguration.IsUsablePath(options.KnownHostsPath), "DATA_DIR must be an absolute path without quotes, backslashes, dollar signs or line breaks, for example /data.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SshKey>();
        services.AddSingleton(provider => new KnownHosts(CurrentOptions(provider).KnownHostsPath));
        services.AddSingleton(provider => new SshRuntime(
            CurrentOptions(provider).KeyPath, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SshRuntime>>()));
        services.AddSingleton<HostKeyLook>();
        services.AddSingleton<HostKeyGuard>();
        services.AddSingleton<SshConnections>();
        services.AddSingleton<SshHostShell>();
        services.AddSingleton<IHostShell>(provider => new FencedShell(provider.GetRequiredService<SshHostShell>(), provider.GetRequiredService<ITopology>(), FencedShell.Patience));
        services.AddSingleton(provider => new HostKeyDesk(
            provider.GetRequiredService<ITopology>(),
            provider.GetRequiredService<IOptionsMonitor<SshOptions>>(),
            provider.GetRequiredService<SshKey>(),
            provider.GetRequiredService<KnownHosts>(),
            provider.GetRequiredService<HostKeyLook>(),
            provider.GetRequiredService<SshConnections>(),
            provider.GetRequiredService<ILogger<HostKeyDesk>>()));
        services.AddSingleton<IHostTrust>(provider => provider.GetRequiredService<HostKeyDesk>());
        return services;
    }

    private static SshOptions CurrentOptions(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<SshOptions>>().CurrentValue;
}
