using Appliance.Cluster.Webhooks;
using Appliance.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Appliance.Webhooks;

/// <summary>What only the web side knows of the outbox: where we listen ourselves.</summary>
internal static class WebhooksFeature
{
    public static IServiceCollection AddWebhookBounds(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        // Asked for late: the server knows its ports when it has started.
        var addresses = provider.GetRequiredService<OwnAddresses>();
        return new WebhookBounds(endpoint => addresses.Contains(endpoint.Address) && Ports(provider).Contains(endpoint.Port));
    });

    private static IEnumerable<int> Ports(IServiceProvider provider) =>
        provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Select(address => BindingAddress.Parse(address).Port) ?? [];
}
