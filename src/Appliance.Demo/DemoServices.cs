using System.Collections.Immutable;
using System.Net;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Machines;

namespace Appliance.Demo;

/// <summary>
/// The services beside the lanes: their containers and their real HTTP servers. All on the first machine, so that a model for both fits beside the
/// second machine's small helper.
/// </summary>
internal static class DemoServices
{
    public static async Task<ImmutableArray<ServiceDefinition>> StartAsync(
        SimulatedHost first, TimeProvider time, CancellationToken cancellationToken)
    {
        var speech = await FakeSpeechServer.StartAsync(IPAddress.Parse(first.Address), time, cancellationToken);
        Add(first, "parakeet-asr", 3.1, time, SimulatedService.Of(speech));
        var voice = await FakeSpeechServer.StartAsync(IPAddress.Parse(first.Address), time, cancellationToken);
        Add(first, "kokoro-tts", 1.4, time, SimulatedService.Of(voice));
        var embeddings = await FakeEmbeddingServer.StartAsync(IPAddress.Parse(first.Address), time, cancellationToken);
        Add(first, "embeddings", 2.6, time, SimulatedService.Of(embeddings));
        var vectors = await FakeVectorServer.StartAsync(IPAddress.Parse(first.Address), time, cancellationToken);
        Add(first, "qdrant", 0, time, SimulatedService.Of(vectors));
        Add(first, "matrix-bridge", 0, time, null);
        return
        [
            Define("asr", "Listening", "Speech to text", ServiceKind.Transcription, first, speech.Port, "parakeet-asr"),
            Define("tts", "Speaking", "Text to speech", ServiceKind.Speech, first, voice.Port, "kokoro-tts"),
            Define("embeddings", "Search memory", "Embeddings and rerank", ServiceKind.Embeddings, first, embeddings.Port, "embeddings"),
            Define("qdrant", "Vectors", "Vector store", ServiceKind.VectorStore, first, vectors.Port, "qdrant") with { HealthPath = "/healthz" },
            Define("matrix-bridge", "Matrix bot", "Chat in Matrix rooms", ServiceKind.Bot, first, null, "matrix-bridge"),
        ];
    }

    private static void Add(SimulatedHost host, string name, double gigabytes, TimeProvider time, SimulatedService? service)
    {
        var container = new SimulatedContainer(name, $"{name}:latest", time.GetUtcNow() - TimeSpan.FromDays(3))
        {
            RemovesItself = false,
            StopTime = TimeSpan.FromMilliseconds(400),
            Service = service,
            GpuMemory = ByteSize.FromGigabytes(gigabytes),
        };
        container.Log.Append(service is null ? "INFO  logged in, 2 rooms joined" : "INFO:     Application startup complete.");
        host.Docker.TryAdd(container);
    }

    private static ServiceDefinition Define(
        string id, string name, string purpose, ServiceKind kind, SimulatedHost host, int? port, string container) => new()
        {
            Id = ServiceId.Parse(id),
            Name = name,
            Purpose = purpose,
            Kind = kind,
            Host = host.Id,
            Port = port,
            Container = container,
        };
}
