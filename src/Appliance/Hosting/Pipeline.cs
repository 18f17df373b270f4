using Appliance.Cluster.Settings;
using Appliance.Gateway;
using Appliance.Logging;
using Appliance.Problems;
using Appliance.Security;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR;

namespace Appliance.Hosting;

/// <summary>What every request passes, and the limits of the server.</summary>
internal static class Pipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services, ApplianceOptions options)
    {
        services.AddSingleton<OwnAddresses>();
        services.AddSetting(AllowedHosts.Names);
        services.AddSingleton<AllowedHosts>();
        services.AddSingleton(provider => new HostAllowList(
            provider.GetRequiredService<AllowedHosts>(), provider.GetRequiredService<OwnAddresses>(), Environment.MachineName, options.IsInContainer));
        services.AddSingleton<BrowserPass>().AddSingleton<WrongKeys>().AddSingleton<OpenCalls>().AddHostedService(provider => provider.GetRequiredService<OpenCalls>());
        services.AddProblemDetails();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "appliance.antiforgery";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            // The gate already says no to being framed, on every answer.
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddDataProtection().SetApplicationName("Appliance").PersistKeysToFileSystem(new DirectoryInfo(options.Data.ProtectionKeys));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(LimitServer);
        services.Configure<SocketTransportOptions>(transport => transport.MaxReadBufferSize = GatewayFeature.ReadAhead);
        services.Configure<CircuitOptions>(LimitCircuits);
        services.Configure<HubOptions>(hub => hub.MaximumReceiveMessageSize = 32 * 1024);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        return services;
    }

    public static IApplicationBuilder UsePipeline(this IApplicationBuilder app)
    {
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<FaultBoundary>();
        app.UseWhen(IsForAPerson, pages => pages.UseStatusCodePagesWithReExecute("/not-found"));
        app.UseMiddleware<RequestGate>();
        app.UseMiddleware<HeadRequests>();
        app.UseRouting();
        app.UseMiddleware<KeyGate>();
        app.UseMiddleware<BodyRules>();
        app.UseAntiforgery();
        return app;
    }

    private static bool IsForAPerson(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && Dialects.Of(context.Request.Path) == Dialect.Text
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static void LimitServer(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        server.Limits.MaxRequestBodySize = BodyLimits.Json;
        StrictHttp.LimitServer(server.Limits);
        server.Limits.MaxConcurrentConnections = 2000;
        server.Limits.MaxConcurrentUpgradedConnections = 200;
    }

    // A page holds state here: what a browser left behind is soon forgotten.
    private static void LimitCircuits(CircuitOptions circuits)
    {
        circuits.DetailedErrors = false;
        circuits.DisconnectedCircuitMaxRetained = 20;
        circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromSeconds(60);
        circuits.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(10);
    }
}
