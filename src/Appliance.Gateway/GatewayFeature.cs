using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Exchanges;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Holding;
using Appliance.Gateway.Images;
using Appliance.Gateway.Limits;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Appliance.Gateway;

/// <summary>The data plane: the OpenAI dialect, forwarded to whoever serves the wanted model.</summary>
public static class GatewayFeature
{
    /// <summary>
    /// How much of each connection the web server may read before somebody asks for it, in bytes. Its own megabyte, times two hundred uploads at once, is more
    /// than the rest of the appliance.
    /// </summary>
    public const int ReadAhead = 64 * 1024;

    /// <summary>
    /// Adds the gateway. Needs <see cref="IUpstreams"/>, <see cref="GatewayTraffic"/>, <see cref="IModelWishes"/>, <see cref="ISettings"/> and a
    /// <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.AddSetting(GatewaySettings.AudioLimit).AddSetting(GatewaySettings.FetchImages);
        return services
            .AddRequestMeter()
            .AddSingleton<UpstreamClient>()
            .AddSingleton<BodyBudget>()
            .AddSingleton<RequestReader>()
            .AddSetting(HoldSettings.Seconds)
            .AddSetting(HoldSettings.AutoSwap)
            .AddSetting(LimitSettings.Chat)
            .AddSetting(LimitSettings.Embeddings)
            .AddSetting(LimitSettings.Transcription)
            .AddSetting(LimitSettings.Speech)
            .AddSetting(LimitSettings.QueueLength)
            .AddSetting(LimitSettings.QueueSeconds)
            .AddSetting(LimitSettings.Adaptive)
            .AddSingleton(EndingWithTheHost<HoldRoom>)
            .AddSingleton(EndingWithTheHost<UpstreamTurns>)
            .AddSingleton<UpstreamCircuits>()
            .AddSingleton(ImageNetwork.Internet)
            .AddSingleton<ImageFetcher>()
            .AddSingleton<ImageInliner>()
            .AddSingleton<UpstreamHabits>()
            .AddSingleton<UpstreamCalls>()
            .AddSingleton<BatchLimits>()
            .AddSingleton<EmbeddingsExchange>()
            .AddSingleton<RerankExchange>()
            .AddSingleton<UpstreamExchanges>()
            .AddSingleton<Tunnels>()
            .AddSingleton<UpstreamForwarder>()
            .AddSingleton<RequestAdmission>()
            .AddSingleton<PassThroughEndpoint>()
            .AddSingleton<RequestMeasurement>()
            .AddSingleton<OpenAiGuard>();
    }

    /// <summary>Where requests wait: they are let go when the appliance is told to end.</summary>
    private static T EndingWithTheHost<T>(IServiceProvider services) =>
        ActivatorUtilities.CreateInstance<T>(services, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);

    /// <summary>
    /// Maps every path of the dialect, unknown paths below <c>/v1</c> included (an error object, never a page). The group is returned so that the host can put
    /// its security class on it.
    /// </summary>
    public static RouteGroupBuilder MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(string.Empty).WithTags("Gateway");
        group.MapAround(endpoints.ServiceProvider);
        group.MapGet("/v1/models", (IUpstreams upstreams) => ModelsEndpoint.List(upstreams))
            .WithName("ListModels")
            .WithSummary("The models that answer now.")
            .Produces<ModelList>();
        group.MapGet("/v1/models/{**id}", (HttpContext context, string id, IUpstreams upstreams) => ModelsEndpoint.FindAsync(context, id, upstreams))
            .WithName("RetrieveModel")
            .WithSummary("One model that answers now, by any of its names.")
            .Produces<ListedModel>()
            .Produces<ErrorEnvelope>(StatusCodes.Status404NotFound);
        group.MapPassThrough();
        group.Map("/v1/{**rest}", (HttpContext context) => PassThroughMapping.RefuseAsync(context))
            .WithName("UnknownGatewayPath")
            .WithSummary("Everything else below /v1 is an error object.")
            .ExcludeFromDescription();
        return group;
    }

    /// <summary>What every request passes, around its handler and not as filters: those are made anew for each request, with a scope of services of its own.</summary>
    internal static void MapAround(this IEndpointConventionBuilder endpoints, IServiceProvider services)
    {
        var measurement = services.GetRequiredService<RequestMeasurement>();
        var guard = services.GetRequiredService<OpenAiGuard>();
        endpoints.Add(endpoint =>
        {
            var handler = endpoint.RequestDelegate!;
            RequestDelegate guarded = context => guard.RunAsync(context, handler);
            endpoint.RequestDelegate = context => measurement.RunAsync(context, guarded);
        });
    }
}
