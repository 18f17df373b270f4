using Appliance.Demo.FakeUpstreams;

namespace Appliance.Demo.Machines;

/// <summary>The HTTP server of a service's container: it closes and opens with the container and with the host.</summary>
internal sealed record SimulatedService(Func<CancellationToken, Task> OpenAsync, Func<Task> CloseAsync, IAsyncDisposable Server)
{
    public static SimulatedService Of(FakeSpeechServer server) => new(server.OpenAsync, server.CloseAsync, server);

    public static SimulatedService Of(FakeEmbeddingServer server) => new(server.OpenAsync, server.CloseAsync, server);

    public static SimulatedService Of(FakeVectorServer server) => new(server.OpenAsync, server.CloseAsync, server);
}
