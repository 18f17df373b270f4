using Appliance.Cluster.Routing;

namespace Appliance.Benchmarks.Servers;

/// <summary>What runs in a process of its own, so that its memory and its garbage are its own. Ends when its standard input does.</summary>
internal static class ServedHere
{
    public static async Task RunAsync(string what, Uri? upstream)
    {
        await using var server = what switch
        {
            "model" => await StandInModel.StartAsync(),
            "forwarder" => await BareForwarder.StartAsync(upstream!),
            "gateway" => await GatewayAlone.StartAsync(upstream!),
            "stuck" => await GatewayAlone.StartAsync(upstream!, UpstreamAvailability.Down),
            _ => throw new ArgumentException($"Nobody serves '{what}'.", nameof(what)),
        };
        Console.WriteLine(server.Address);
        await Console.In.ReadToEndAsync();
    }
}
