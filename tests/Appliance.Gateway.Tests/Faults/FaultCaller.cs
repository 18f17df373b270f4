using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Appliance.TestKit.Faults;

namespace Appliance.Gateway.Tests.Faults;

/// <summary>Sends the requests of a run and judges every answer on its own. What is wrong is written down, with the number of the request.</summary>
internal sealed partial class FaultCaller(HttpClient client, string path)
{
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _ends = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>How the requests ended, for the reader of the test's output.</summary>
    public IReadOnlyDictionary<string, int> Ends => _ends;

    public int Count(string end) => _ends.GetValueOrDefault(end);

    public async Task SendAsync(FaultRequest request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(request.ToBody(), Encoding.UTF8, "application/json") };
        message.Headers.Add("x-request-id", request.Id);
        using var seen = new MemoryStream();
        HttpStatusCode? status = null;
        Exception? broken = null;
        try
        {
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            status = response.StatusCode;
            await using var body = await response.Content.ReadAsStreamAsync();
            if (request.Leaves)
            {
                _ = await body.ReadAsync(new byte[16]);
                Note("left");
                return;
            }

            await body.CopyToAsync(seen);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            broken = error;
        }

        Judge(request, status, seen.ToArray(), broken);
    }

    private void Judge(FaultRequest request, HttpStatusCode? status, byte[] seen, Exception? broken)
    {
        var text = Encoding.UTF8.GetString(seen);
        if (Nonce().Matches(text).Any(match => match.Value != request.Nonce))
        {
            Complain(request, "a byte of another answer is in it");
        }

        switch (status)
        {
            case HttpStatusCode.OK when broken is null:
                Expect(request, seen.AsSpan().SequenceEqual(FaultUpstream.AnswerTo(request.Nonce, request.Lines, request.IsStream)), "it ended like a whole answer and is none");
                Note("whole");
                break;
            case HttpStatusCode.OK:
                Expect(request, !text.Contains("[DONE]", StringComparison.Ordinal), "it was cut and says [DONE]");
                Expect(request, !request.IsStream || seen.Length == 0 || text.Contains("\"error\"", StringComparison.Ordinal), "a stream was cut without an error event");
                Note("cut");
                break;
            case HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                Expect(request, broken is null && text.Contains("\"error\":{\"message\":", StringComparison.Ordinal), "the error has no body");
                Note($"{(int)status}");
                break;
            case null when broken is not null && request is { IsStream: false, Toxic: Toxic.LimitData or Toxic.ResetPeer }:
                // Its head was on the way as well when the connection was broken off.
                Note("cut");
                break;
            default:
                Complain(request, $"status {status?.ToString() ?? "none"} {broken?.Message}");
                break;
        }
    }

    private void Expect(FaultRequest request, bool isGood, string complaint)
    {
        if (!isGood)
        {
            Complain(request, complaint);
        }
    }

    private void Complain(FaultRequest request, string complaint) =>
        _wrong.Enqueue($"request {request.Number} ({request.Toxic}, {(request.IsStream ? "stream" : "whole")}, {request.Lines} lines): {complaint}");

    private void Note(string end) => _ends.AddOrUpdate(end, 1, (_, count) => count + 1);

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.NonBacktracking)]
    private static partial Regex Nonce();
}
