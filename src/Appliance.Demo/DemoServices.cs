using System.Collections.Immutable;
using System.Net;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Topology;
using Appliance.Demo.FakeUpstreams;
using Appliance.Demo.Machines;

namespace Appliance.Demo;

/// <summary>The services beside the lanes: their containers and their real HTTP servers.</summary>
internal static class DemoServices
{
    public static async Task<ImmutableArray<ServiceDefinition>> StartAsync(
        SimulatedHost first, SimulatedHost second, TimeProvider time, CancellationToken cancellationToken)
    {
        var speech = await FakeSpeechServer.StartAsync(IPAddress.Parse(second.Address), time, cancellationToken);
        Add(second, "parakeet-asr", 3.1, time, SimulatedService.Of(speech));
        var voice = await FakeSpeechServer.StartAsync(IPAddress.Parse(second.Address), time, cancellationToken);
        Add(second, "kokoro-tts", 1.4, time, SimulatedService.Of(voice));
        var embeddings = await FakeEmbeddingServer.StartAsync(IPAddress.Parse(second.Address), time, cancellationToken);
        Add(second, "embeddings", 2.6, time, SimulatedService.Of(embeddings));
        var vectors = await FakeVectorServer.StartAsync(IPAddress.Parse(first.Address), time, cancellationToken);
        Add(first, "qdrant", 0, time, SimulatedService.Of(vectors));
        Add(first, "matrix-bridge", 0, time, null);
        return
        [
            Define("asr", "Listening", "Speech to text", ServiceKind.Transcription, second, speech.Port, "parakeet-asr"),
            Define("tts", "Speaking", "Text to speech", ServiceKind.Speech, second, voice.Port, "kokoro-tts"),
            Define("embeddings", "Search memory", "Embeddings and rerank", ServiceKind.Embeddings, second, embeddings.Port, "embeddings"),
            Define("qdrant", "Vectors", "Vector store", ServiceKind.VectorStore, first, vectors.Port, "qdrant") with { HealthPath = "/healthz" },
            Define("matrix-bridge", "Matrix bot", "Chat in Matrix rooms", ServiceKind.Bot, first, null, "matrix-bridge"),
        ];
    }

    private static void Add(SimulatedHost host, string name, double gigabytes, TimeProvider time, SimulatedService? service) =>
        host.Docker.TryAdd(new SimulatedContainer(name, $"{name}:latest", time.GetUtcNow() - TimeSpan.FromDays(3))
        {
            RemovesItself = false,
            StopTime = TimeSpan.FromMilliseconds(400),
            Service = service,
            GpuMemory = ByteSize.FromGigabytes(gigabytes),
        });

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
