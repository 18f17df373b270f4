using System.Diagnostics;
using System.Net;
using Appliance.Benchmarks.Load;
using Appliance.Benchmarks.Servers;

namespace Appliance.Benchmarks;

/// <summary>How soon a program is told that its model server cannot answer: stuck, gone, or at an address that swallows everything.</summary>
internal static class FailureBenchmark
{
    private const int Rounds = 7;
    private const int RequestsPerRound = 200;

    /// <summary>So many connections have to fail before nobody tries any more.</summary>
    private const int UntilNobodyTries = 3;

    public static async Task WriteAsync(TextWriter output)
    {
        output.WriteLine("| the model server | answer | ms, median | 99 % | slowest |");
        output.WriteLine("|---|---|---|---|---|");
        using var swallowing = new SwallowingPort();
        var closed = SwallowingPort.FindClosed();
        await WriteAsync(output, "down, asked directly", closed);

        await using var stuck = await ServerProcess.StartAsync("stuck", closed);
        await WriteAsync(output, "stuck, through the gateway", stuck.Address);

        await using var down = await ServerProcess.StartAsync("gateway", closed);
        await WriteAsync(output, "down since just now, through the gateway", down.Address);

        await using var silent = await ServerProcess.StartAsync("gateway", swallowing.Address);
        using var client = LoadLoop.CreateClient(UntilNobodyTries);
        var first = await Task.WhenAll(Enumerable.Range(0, UntilNobodyTries).Select(_ => AskAsync(client, silent.Address)));
        Row(output, "swallows packets, the first three requests", first[0].Answer, [[.. first.Select(ask => ask.Milliseconds)]]);

        // All within the pause in which nobody tries.
        Row(output, "swallows packets, those after them", first[0].Answer, [await RunAsync(client, silent.Address)]);
    }

    private static async Task WriteAsync(TextWriter output, string what, Uri server)
    {
        using var client = LoadLoop.CreateClient(1);
        var answer = (await AskAsync(client, server)).Answer;
        await RunAsync(client, server);
        var rounds = new List<double[]>();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add(await RunAsync(client, server));
        }

        Row(output, what, answer, rounds);
    }

    private static void Row(TextWriter output, string what, string answer, List<double[]> rounds) => output.WriteLine(
        $"| {what} | {answer} | {Statistics.Describe([.. rounds.Select(Statistics.Median)], "0.00")} "
        + $"| {Statistics.Describe([.. rounds.Select(round => Statistics.Percentile(round, 0.99))], "0.00")} | {rounds.Max(round => round.Max()):0.00} |");

    private static async Task<double[]> RunAsync(HttpClient client, Uri server)
    {
        var times = new double[RequestsPerRound];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = (await AskAsync(client, server)).Milliseconds;
        }

        return times;
    }

    private static async Task<(string Answer, double Milliseconds)> AskAsync(HttpClient client, Uri server)
    {
        using var request = Requests.Chat(server);
        var sent = Stopwatch.GetTimestamp();
        string answer;
        try
        {
            using var response = await client.SendAsync(request);
            answer = response.StatusCode == HttpStatusCode.OK
                ? throw new InvalidOperationException("Somebody answered where nobody should.")
                : $"{(int)response.StatusCode}";
        }
        catch (HttpRequestException)
        {
            answer = "connection refused";
        }

        return (answer, Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
    }
}
