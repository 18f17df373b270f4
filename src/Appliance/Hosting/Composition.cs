using Appliance.Cluster.Discovery;
using Appliance.Cluster.Engines;
using Appliance.Cluster.Events;
using Appliance.Cluster.Health;
using Appliance.Cluster.Keys;
using Appliance.Cluster.Models;
using Appliance.Cluster.Recipes;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Schedules;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.Cluster.Webhooks;
using Appliance.Dashboard;
using Appliance.Demo;
using Appliance.Events;
using Appliance.Gateway;
using Appliance.Health;
using Appliance.Hosts.Ssh;
using Appliance.Keys;
using Appliance.Layout;
using Appliance.Metrics;
using Appliance.Models;
using Appliance.Playground;
using Appliance.Reference;
using Appliance.Reservations;
using Appliance.Routing;
using Appliance.Schedules;
using Appliance.Security;
using Appliance.Settings;
using Appliance.Setup;
using Appliance.Swaps;
using Appliance.View;
using Appliance.Webhooks;
using Appliance.Wire;

namespace Appliance.Hosting;

/// <summary>The table of contents: every feature, once. The only place that knows which machines are behind the shell.</summary>
internal static class Composition
{
    public static IServiceCollection AddAppliance(this IServiceCollection services, ApplianceOptions options, DemoCluster? demo)
    {
        if (demo is not null)
        {
            services.AddDemoCluster(demo);
        }
        else
        {
            services.AddRealMachines(options);
        }

        return services
            .AddStorage(options.Data)
            .AddSettings(options.ReadEnvironment, options.Secrets.Learn)
            .AddTopologySettings()
            .AddSshSettings()
            .AddEvents()
            .AddView()
            .AddHostWatch()
            .AddDiscovery()
            .AddEngines()
            .AddRecipes()
            .AddModels()
            .AddHealth()
            .AddUpstreams()
            .AddReservations()
            .AddSwaps()
            .AddWebhookBounds()
            .AddWebhooks()
            .AddSchedules()
            .AddKeyBook()
            .AddGateway()
            .AddPipeline(options)
            .AddWire()
            .AddNumbers()
            .AddSetup()
            .AddSelfHealth()
            .AddReference()
            .AddPages()
            .AddDashboard()
            .AddPlayground()
            .AddHostedService<StartNotice>();
    }

    /// <summary>The settings as they are before anything runs. What can be set is what the features declare, so they are composed once, and not started.</summary>
    public static SettingsStart ReadSettings(Func<string, string?> readEnvironment, DataDirectory data)
    {
        var features = new ServiceCollection().AddAppliance(
            new ApplianceOptions { Data = data, Urls = [], Topology = ConfiguredTopology.Load(SettingValues.Defaults, data) }, demo: null);
        return SettingsStart.Read(features.FindDeclaredSettings(), features.FindDeclaredRules(), readEnvironment, data);
    }

    public static void MapAppliance(this WebApplication app)
    {
        // One group: pages look up the fingerprints of the files beside them.
        var site = app.MapGroup("").WithSecurityClass(SecurityClass.PublicRead);
        site.MapStaticAssets();
        site.MapPages().WithSecurityClass(SecurityClass.Page);
        app.MapSelfHealth();
        app.MapStatus();
        app.MapSetup();
        app.MapModels();
        app.MapReservations();
        app.MapSwaps();
        app.MapWebhooks();
        app.MapSchedules();
        app.MapEvents();
        app.MapRouting();
        app.MapMetrics();
        app.MapSettings();
        app.MapKeys();
        app.MapSignIn();
        app.MapReference();
        app.MapGateway().WithSecurityClass(SecurityClass.Proxy);
    }

    private static void AddRealMachines(this IServiceCollection services, ApplianceOptions options)
    {
        services.AddTopology(options.Topology ?? throw new ArgumentException("Without a demo there has to be a topology.", nameof(options)));
        services.AddSshHosts();
        services.AddHostedService<OwnKey>();
        services.Configure<SshOptions>(ssh =>
        {
            ssh.KeyPath = options.SshKeyPath ?? options.Data.SshKey;
            ssh.KnownHostsPath = options.Data.KnownHosts;
            ssh.Trust = options.SshTrust;
        });
    }
}
