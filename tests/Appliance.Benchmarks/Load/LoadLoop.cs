using System.Diagnostics;

namespace Appliance.Benchmarks.Load;

/// <summary>Sends requests one after the other on each of some connections, for a time.</summary>
internal static class LoadLoop
{
    public static async Task<LoadResult> RunAsync(Uri server, int concurrency, TimeSpan duration)
    {
        using var client = CreateClient(concurrency);
        var started = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, concurrency).Select(_ => WorkAsync(client, server, started, duration)).ToArray();
        var latencies = (await Task.WhenAll(workers)).SelectMany(list => list).ToArray();
        return new LoadResult(Statistics.Median(latencies), Statistics.Percentile(latencies, 0.99), latencies.Length, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>How long each chunk of some streams is on the way, in milliseconds.</summary>
    public static async Task<double[]> MeasureStreamsAsync(Uri server, int streams)
    {
        using var client = CreateClient(streams);
        var lags = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => MeasureStreamAsync(client, server)));
        return [.. lags.SelectMany(list => list)];
    }

    /// <summary>A client that keeps so many connections.</summary>
    public static HttpClient CreateClient(int connections) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        MaxConnectionsPerServer = connections,
        ActivityHeadersPropagator = null,
    });

    private static async Task<List<double>> MeasureStreamAsync(HttpClient client, Uri server)
    {
        using var request = Requests.Stream(server);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var lags = new List<double>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (SentAt(line) is { } sent)
            {
                lags.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }

        return lags;
    }

    private static async Task<List<double>> WorkAsync(HttpClient client, Uri server, long started, TimeSpan duration)
    {
        var latencies = new List<double>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            using var request = Requests.Chat(server);
            var sent = Stopwatch.GetTimestamp();
            using var response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return latencies;
    }

    private static long? SentAt(string line)
    {
        const string Before = "\"content\":\"";
        var at = line.IndexOf(Before, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var start = at + Before.Length;
        return long.Parse(line.AsSpan(start, line.IndexOf('"', start) - start));
    }
}
