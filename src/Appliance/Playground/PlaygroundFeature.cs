namespace Appliance.Playground;

/// <summary>The "Try it" page's registration.</summary>
public static class PlaygroundFeature
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddPlayground(this IServiceCollection services)
    {
        // Answers stream for as long as they like; LaneChat watches for silence instead.
        services.AddHttpClient<LaneChat>(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectTimeout = ConnectLimit,
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            });
        return services;
    }
}
