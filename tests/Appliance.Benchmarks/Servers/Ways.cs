namespace Appliance.Benchmarks.Servers;

/// <summary>Every way to the same model server: directly, through a bare forwarder, through nginx where it is installed, through the gateway.</summary>
internal sealed class Ways : IAsyncDisposable
{
    public const string Direct = "direct";
    public const string Forwarder = "bare YARP forwarder";
    public const string Proxy = "nginx";
    public const string Gateway = "gateway";

    private readonly List<IAsyncDisposable> _owned = [];

    private Ways()
    {
    }

    public List<Way> All { get; } = [];

    public static async Task<Ways> StartAsync()
    {
        var ways = new Ways();
        var model = ways.Own(await ServerProcess.StartAsync("model"));
        ways.All.Add(new Way(Direct, model.Address, model.Use));
        var forwarder = ways.Own(await ServerProcess.StartAsync("forwarder", model.Address));
        ways.All.Add(new Way(Forwarder, forwarder.Address, forwarder.Use));
        if (Nginx.Program is not null)
        {
            var nginx = ways.Own(await Nginx.StartAsync(model.Address));
            ways.All.Add(new Way(Proxy, nginx.Address, nginx.Use));
        }

        var gateway = ways.Own(await ServerProcess.StartAsync("gateway", model.Address));
        ways.All.Add(new Way(Gateway, gateway.Address, gateway.Use));
        return ways;
    }

    public async ValueTask DisposeAsync()
    {
        _owned.Reverse();
        foreach (var server in _owned)
        {
            await server.DisposeAsync();
        }
    }

    private T Own<T>(T server)
        where T : IAsyncDisposable
    {
        _owned.Add(server);
        return server;
    }
}
