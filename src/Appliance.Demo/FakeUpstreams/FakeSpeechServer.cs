using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>A stand-in for both speech servers: it writes down a fixed sentence and speaks a tone that is as long as the text. Thread-safe.</summary>
public sealed class FakeSpeechServer : IAsyncDisposable
{
    private const string Sentence = "This is the demo cluster, so I always hear the same words.";
    private const double SecondsPerWord = 0.35;

    private readonly LoopbackServer _server;

    private FakeSpeechServer(IPAddress address) => _server = LoopbackServer.Reserve(address, Map);

    /// <summary>The port.</summary>
    public int Port => _server.Port;

    /// <summary>Whether <c>/health</c> answers 200; otherwise it and every other call answer 503.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>Listens on a free port of an address of this machine.</summary>
    public static async Task<FakeSpeechServer> StartAsync(IPAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new FakeSpeechServer(address);
        await server._server.OpenAsync(cancellationToken);
        return server;
    }

    /// <summary>Stops listening; the port stays reserved.</summary>
    public Task CloseAsync() => _server.CloseAsync();

    /// <summary>Listens again.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => _server.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (Healthy)
            {
                await next(context);
            }
            else
            {
                await DetailAsync(context, StatusCodes.Status503ServiceUnavailable, "The stand-in was told to be unwell.");
            }
        });
        app.UseWebSockets();
        app.MapGet("/v1/realtime", context => FakeRealtimeEndpoint.RunAsync(context, Sentence));
        app.MapGet("/health", context => FakeErrors.WriteJsonAsync(context, new JsonObject { ["status"] = "healthy" }));
        app.MapGet("/v1/audio/voices", context => FakeErrors.WriteJsonAsync(context, new JsonObject
        {
            ["voices"] = new JsonArray(
                new JsonObject { ["id"] = "af_heart", ["name"] = "af_heart" },
                new JsonObject { ["id"] = "bm_george", ["name"] = "bm_george" }),
        }));
        app.MapPost("/v1/audio/transcriptions", context => TranscribeAsync(context, "transcribe"));
        app.MapPost("/v1/audio/translations", context => TranscribeAsync(context, "translate"));
        app.MapPost("/v1/audio/diarize", context => DiarizeAsync(context, FakeDiarization.Whole));
        app.MapPost("/v1/audio/diarize-chunk", context => DiarizeAsync(context, FakeDiarization.Chunk));
        app.MapPost("/v1/audio/speech", SpeakAsync);
    }

    private static async Task TranscribeAsync(HttpContext context, string task)
    {
        if (await ReadAsync(context) is not (var form, var seconds))
        {
            return;
        }

        if (string.Equals(form["stream"], "true", StringComparison.OrdinalIgnoreCase))
        {
            await StreamAsync(context);
            return;
        }

        switch (form["response_format"].ToString())
        {
            case "" or "json":
                await FakeErrors.WriteJsonAsync(context, new JsonObject { ["text"] = Sentence });
                break;
            case "text":
                context.Response.ContentType = "text/plain; charset=utf-8";
                await context.Response.WriteAsync(Sentence, context.RequestAborted);
                break;
            case "srt":
                context.Response.ContentType = "text/plain; charset=utf-8";
                await context.Response.WriteAsync($"1\n00:00:00,000 --> {TimeSpan.FromSeconds(seconds).ToString(@"hh\:mm\:ss\,fff", CultureInfo.InvariantCulture)}\n{Sentence}\n", context.RequestAborted);
                break;
            case "verbose_json":
                await FakeErrors.WriteJsonAsync(context, Verbose(task, seconds));
                break;
            case var other:
                await DetailAsync(context, StatusCodes.Status400BadRequest, $"response_format '{other}' is not supported");
                break;
        }
    }

    private static async Task DiarizeAsync(HttpContext context, Func<double, JsonObject> answer)
    {
        if (await ReadAsync(context) is (_, var seconds))
        {
            await FakeErrors.WriteJsonAsync(context, answer(seconds));
        }
    }

    /// <summary>The form and the length of its recording, or null when the answer is already written.</summary>
    private static async Task<(IFormCollection Form, double Seconds)?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || (await context.Request.ReadFormAsync(context.RequestAborted)) is not { Files: [{ Length: > 0 } file, ..] } form)
        {
            await DetailAsync(context, StatusCodes.Status422UnprocessableEntity, "file: Field required");
            return null;
        }

        // 16 kHz, 16 bit, mono: what most programs send; the header's 44 bytes do not matter here.
        return (form, Math.Round(file.Length / 32_000.0, 2));
    }

    private static async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        foreach (var word in FakeTokenizer.Split(Sentence))
        {
            await SendAsync(context, new JsonObject { ["type"] = "transcript.text.delta", ["delta"] = word });
        }

        await SendAsync(context, new JsonObject { ["type"] = "transcript.text.done", ["text"] = Sentence });
    }

    private static async Task SendAsync(HttpContext context, JsonObject data)
    {
        await context.Response.WriteAsync($"data: {data.ToJsonString()}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static JsonObject Verbose(string task, double seconds)
    {
        var words = Sentence.Split(' ');
        var step = seconds / words.Length;
        return new JsonObject
        {
            ["task"] = task,
            ["language"] = "en",
            ["duration"] = seconds,
            ["text"] = Sentence,
            ["words"] = new JsonArray([.. words.Select((word, i) => (JsonNode?)new JsonObject { ["word"] = word, ["start"] = step * i, ["end"] = step * (i + 1) })]),
            ["segments"] = new JsonArray(new JsonObject { ["id"] = 0, ["start"] = 0.0, ["end"] = seconds, ["text"] = Sentence }),
        };
    }

    private static async Task SpeakAsync(HttpContext context)
    {
        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException error)
        {
            await DetailAsync(context, StatusCodes.Status422UnprocessableEntity, error.Message);
            return;
        }

        using (body)
        {
            var format = Text(body.RootElement, "response_format") ?? "mp3";
            if (Text(body.RootElement, "input") is not { Length: > 0 } input)
            {
                await DetailAsync(context, StatusCodes.Status422UnprocessableEntity, "input: Field required");
                return;
            }

            var samples = FakeTone.Make(TimeSpan.FromSeconds(SecondsPerWord * FakeTokenizer.Count(input)));
            // Whoever asks for mp3 gets a wave file and is told so by its type.
            var isPlain = format == "pcm";
            context.Response.ContentType = isPlain ? "audio/pcm" : "audio/wav";
            await context.Response.Body.WriteAsync(isPlain ? samples : FakeTone.ToWave(samples), context.RequestAborted);
        }
    }

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>FastAPI's shape of an error, which both real servers use.</summary>
    private static Task DetailAsync(HttpContext context, int status, string message) =>
        FakeErrors.WriteJsonAsync(context, new JsonObject { ["detail"] = message }, status);
}
