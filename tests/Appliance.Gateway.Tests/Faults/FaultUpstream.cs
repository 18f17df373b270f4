using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Appliance.Gateway.Tests.Rig;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Tests.Faults;

/// <summary>A model server whose every line carries the nonce of the request it answers, and who counts how often each was carried out.</summary>
internal sealed class FaultUpstream : IAsyncDisposable
{
    private readonly RecordingUpstream _server;
    private readonly ConcurrentDictionary<string, int> _executed = new(StringComparer.Ordinal);
    private int _open;

    private FaultUpstream(RecordingUpstream server) => _server = server;

    public int Port => _server.Port;

    /// <summary>Requests that it works on now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many requests reached it.</summary>
    public int Executed => _executed.Count;

    /// <summary>Nonces that it was given more than once.</summary>
    public IEnumerable<string> Doubled => _executed.Where(pair => pair.Value > 1).Select(pair => pair.Key);

    public static async Task<FaultUpstream> StartAsync()
    {
        var server = await RecordingUpstream.StartAsync();
        var upstream = new FaultUpstream(server);
        server.IsRecording = false;
        server.Answer = upstream.AnswerAsync;
        return upstream;
    }

    /// <summary>What the whole answer to a request is, byte for byte.</summary>
    public static byte[] AnswerTo(string nonce, int lines, bool isStream) => Encoding.UTF8.GetBytes(isStream
        ? $"{string.Concat(Enumerable.Range(0, lines).Select(line => Event(nonce, line)))}data: [DONE]\n\n"
        : $$"""{"nonce":"{{nonce}}","lines":[{{string.Join(",\n", Enumerable.Range(0, lines).Select(line => $"\"{nonce} {line} ✓\""))}}],"usage":{"prompt_tokens":{{lines}},"completion_tokens":{{lines}} } }""");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string Event(string nonce, int line) => $$"""data: {"nonce":"{{nonce}}","line":{{line}},"text":"✓"}""" + "\n\n";

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var nonce = body.RootElement.GetProperty("nonce").GetString()!;
            _executed.AddOrUpdate(nonce, 1, (_, count) => count + 1);
            var lines = body.RootElement.GetProperty("lines").GetInt32();
            var isStream = body.RootElement.TryGetProperty("stream", out _);
            await (isStream ? StreamAsync(context, nonce, lines) : WholeAsync(context, nonce, lines));
        }
        catch (Exception error) when (context.RequestAborted.IsCancellationRequested && error is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // The gateway hung up, as it should when its caller or the connection is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static async Task WholeAsync(HttpContext context, string nonce, int lines)
    {
        var answer = AnswerTo(nonce, lines, isStream: false);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, string nonce, int lines)
    {
        context.Response.ContentType = "text/event-stream";
        for (var line = 0; line < lines; line++)
        {
            await context.Response.WriteAsync(Event(nonce, line), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }
}
