using Appliance.Demo;
using Appliance.Health;
using Appliance.Logging;
using Appliance.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Appliance.Hosting;

/// <summary>A running appliance. Tests start one on <c>http://127.0.0.1:0</c> exactly as Program does.</summary>
internal sealed class ApplianceHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DemoCluster? _demo;

    private ApplianceHost(WebApplication app, DemoCluster? demo)
    {
        _app = app;
        _demo = demo;
    }

    public IServiceProvider Services => _app.Services;

    private bool IsEnding => _app.Lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Where it listens, for example <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts everything. Throws <see cref="StartRefusedException"/> with sentences for a person when that is not possible.</summary>
    public static async Task<ApplianceHost> StartAsync(
        ApplianceOptions options, CancellationToken cancellationToken, Action<IServiceCollection>? configure = null)
    {
        DataFolder.Ensure(options.Data);
        var demo = options.Demo is { } wanted ? await DemoCluster.StartAsync(wanted, options.Time, cancellationToken) : null;
        ApplianceHost? host = null;
        try
        {
            host = new ApplianceHost(Build(options, demo, configure), demo);
            await host._app.StartAsync(cancellationToken);
            return host;
        }
        catch (OperationCanceledException) when (host?.IsEnding == true)
        {
            // Told to end while it starts (SIGTERM): an end like any other, for whoever waits for it.
            return host!;
        }
        catch (Exception exception)
        {
            // What has started already ends in order, so that its last words are none.
            await (host?.StopAsync(CancellationToken.None) ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await (host?.DisposeAsync() ?? demo?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (StartRefusals.Find(exception, options) is { } sentences)
            {
                throw new StartRefusedException(sentences, exception);
            }

            throw;
        }
    }

    /// <summary>0 after a wish to end; 1 when a loop ended by a mistake, so that whoever watches the process starts it anew.</summary>
    public int ExitCode => Services.GetRequiredService<Loops>().FindBroken().Count == 0 ? 0 : 1;

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await (_demo?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static WebApplication Build(ApplianceOptions options, DemoCluster? demo, Action<IServiceCollection>? configure)
    {
        // Files lie beside the program, wherever it is started from. The name finds the manifest of the static files also in a test.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ApplianceHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        // A build that is not published would take every address for that of a file that may still be written, and call a wrong one 405.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.Logging.AddJsonLines(DataFolder.LogsOf(options.Data), options.Secrets, options.LogsToConsole);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddAppliance(options, demo);
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        app.UsePipeline();
        app.MapAppliance();
        app.EnsureEveryEndpointHasSecurityClass();
        return app;
    }
}
