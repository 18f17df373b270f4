using System.Text.Json.Nodes;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>Two people who take turns of four seconds, however long the recording is. The voice of each is the same in every recording.</summary>
internal static class FakeDiarization
{
    private const double Turn = 4;

    /// <summary>The length of a TitaNet fingerprint.</summary>
    private const int FingerprintLength = 192;

    private static readonly string[] Speakers = ["Speaker_0", "Speaker_1"];

    public static JsonObject Whole(double seconds) => new()
    {
        ["duration"] = seconds,
        ["segments"] = Segments(seconds, "start", "end"),
        ["speakers"] = Names(seconds),
    };

    public static JsonObject Chunk(double seconds)
    {
        var names = Names(seconds);
        return new JsonObject
        {
            ["duration"] = seconds,
            ["segments"] = Segments(seconds, "start_s", "end_s"),
            ["fingerprints"] = new JsonObject(names.Select(name => KeyValuePair.Create(name!.GetValue<string>(), Fingerprint(name.GetValue<string>())))),
            ["speakers_detected"] = names,
            ["models"] = new JsonObject { ["diarization"] = "demo-diarizer", ["embedding"] = "demo-fingerprint" },
        };
    }

    private static JsonArray Segments(double seconds, string start, string end) =>
        [.. Enumerable.Range(0, (int)Math.Ceiling(seconds / Turn)).Select(i => (JsonNode?)new JsonObject
        {
            [start] = i * Turn,
            [end] = Math.Min(seconds, (i + 1) * Turn),
            ["speaker"] = Speakers[i % Speakers.Length],
        })];

    private static JsonArray Names(double seconds) => [.. Speakers.Take(seconds > Turn ? 2 : seconds > 0 ? 1 : 0).Select(name => (JsonNode?)name)];

    private static JsonNode? Fingerprint(string speaker) => new JsonArray([.. FakeVectors.Embed(speaker, FingerprintLength).Select(x => (JsonNode?)x)]);
}
