using System.Net.Http.Headers;

namespace Appliance.Benchmarks.Uploads;

/// <summary>Recordings of silence, sent as transcription programs send theirs.</summary>
internal static class Upload
{
    public static async Task SendAsync(Uri server, int atOnce, long bytes)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = atOnce, ActivityHeadersPropagator = null })
        {
            Timeout = TimeSpan.FromMinutes(10),
        };
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => SendOneAsync(client, server, bytes)));
    }

    private static async Task SendOneAsync(HttpClient client, Uri server, long bytes)
    {
        using var file = new StreamContent(new Silence(bytes), 64 * 1024);
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        using var form = new MultipartFormDataContent { { new StringContent("owner/stand-in"), "model" }, { file, "file", "recording.wav" } };
        using var response = await client.PostAsync(new Uri(server, "/v1/audio/transcriptions"), form);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
