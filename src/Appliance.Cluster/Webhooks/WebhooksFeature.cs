using System.Net;
using Appliance.Cluster.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Cluster.Webhooks;

/// <summary>Registers the outbox.</summary>
public static class WebhooksFeature
{
    /// <summary>
    /// Adds <see cref="WebhookDesk"/>, <see cref="WebhookMeter"/> and the loop that delivers; needs store, events and settings. Without a registered <see cref="WebhookBounds"/> the
    /// appliance does not know its own address.
    /// </summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton(WebhookBounds.None);
        return services
            .AddSetting(WebhookSettings.Url)
            .AddSetting(WebhookSettings.Secret)
            .AddSingleton<WebhookOutbox>()
            .AddSingleton(provider => new WebhookDialer(provider.GetRequiredService<WebhookBounds>(), Dns.GetHostAddressesAsync))
            .AddSingleton<WebhookSender>()
            .AddSingleton<WebhookCourier>()
            .AddSingleton(provider => new WebhookDesk(
                provider.GetRequiredService<WebhookOutbox>(), provider.GetRequiredService<WebhookCourier>(), provider.GetRequiredService<ISettings>()))
            .AddSingleton(provider => new WebhookMeter(provider.GetRequiredService<WebhookCourier>(), provider.GetRequiredService<TimeProvider>()))
            .AddHostedService(provider => provider.GetRequiredService<WebhookCourier>());
    }
}
