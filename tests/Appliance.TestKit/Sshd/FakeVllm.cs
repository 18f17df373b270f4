using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.TestKit.Sshd;

/// <summary>The server inside the Spark stand-in: <c>serve MODEL --port N [--served-model-name NAME] [--max-model-len N]</c>.</summary>
internal static class FakeVllm
{
    private static readonly string[] Answer = ["Hello", ",", " Alice", "."];

    private static int s_generatedTokens;

    public static async Task<int> Main(string[] words)
    {
        if (words is not ["serve", var model, ..])
        {
            await Console.Error.WriteLineAsync("usage: vllm serve MODEL [options]");
            return 2;
        }

        var port = int.Parse(Find(words, "--port") ?? "8000", CultureInfo.InvariantCulture);
        var name = Find(words, "--served-model-name") ?? model;
        var length = int.Parse(Find(words, "--max-model-len") ?? "131072", CultureInfo.InvariantCulture);
        await TellAsync(StartupLog(model, length));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        Map(app, model, name, length);
        await app.StartAsync();
        await TellAsync(
            $"(APIServer pid=7) INFO 11-21 07:44:02 [api_server.py:1352] Starting vLLM server on http://0.0.0.0:{port}",
            "(APIServer pid=7) INFO:     Started server process [7]",
            "(APIServer pid=7) INFO:     Waiting for application startup.",
            "(APIServer pid=7) INFO:     Application startup complete.");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static string? Find(string[] words, string option)
    {
        var at = Array.IndexOf(words, option);
        return at >= 0 && at + 1 < words.Length
            ? words[at + 1]
            : words.FirstOrDefault(word => word.StartsWith(option + "=", StringComparison.Ordinal))?[(option.Length + 1)..];
    }

    private static async Task TellAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            await Console.Out.WriteLineAsync(line);
        }

        await Console.Out.FlushAsync();
    }

    private static string[] StartupLog(string model, int length) =>
    [
        $"(APIServer pid=7) INFO 11-21 07:42:10 [utils.py:233] non-default args: {{'model': '{model}', 'max_model_len': {length}}}",
        "(APIServer pid=7) INFO 11-21 07:42:12 [model.py:529] Resolved architecture: Qwen3ForCausalLM",
        $"(APIServer pid=7) INFO 11-21 07:42:12 [model.py:1543] Using max model len {length}",
        "(EngineCore pid=41) INFO 11-21 07:42:20 [core.py:94] Initializing a V1 LLM engine (v0.23.1rc1) with config: ...",
        $"(EngineCore pid=41) INFO 11-21 07:42:24 [gpu_model_runner.py:3551] Starting to load model {model}...",
        "Loading safetensors checkpoint shards:  50% Completed | 1/2 [00:13<00:13, 13.1s/it]",
        "Loading safetensors checkpoint shards: 100% Completed | 2/2 [00:26<00:00, 13.0s/it]",
        "(EngineCore pid=41) INFO 11-21 07:42:51 [default_loader.py:308] Loading weights took 24.84 seconds",
        "(EngineCore pid=41) INFO 11-21 07:42:52 [gpu_model_runner.py:3640] Model loading took 12.66 GiB memory and 31.657031 seconds",
        "(EngineCore pid=41) INFO 11-21 07:43:10 [monitor.py:34] torch.compile took 18.21 s in total",
        "(EngineCore pid=41) INFO 11-21 07:43:20 [gpu_worker.py:359] Available KV cache memory: 42.30 GiB",
        "(EngineCore pid=41) INFO 11-21 07:43:20 [kv_cache_utils.py:1229] GPU KV cache size: 275,840 tokens",
        "Capturing CUDA graphs (mixed prefill-decode, PIECEWISE): 100%|##########| 67/67 [00:12<00:00,  5.4it/s]",
        "(EngineCore pid=41) INFO 11-21 07:43:50 [gpu_model_runner.py:4466] Graph capturing finished in 12 secs, took 0.66 GiB",
        "(EngineCore pid=41) INFO 11-21 07:44:00 [core.py:259] init engine (profile, create kv cache, warmup model) took 107.64 seconds",
    ];

    private static void Map(IEndpointRouteBuilder app, string model, string name, int length)
    {
        app.MapGet("/health", () => Results.Ok());
        app.MapGet("/version", () => Results.Json(new { version = "0.23.1rc1" }));
        app.MapGet("/v1/models", () => Results.Json(new
        {
            @object = "list",
            data = (object[])[new { id = name, @object = "model", created = 1795246922, owned_by = "vllm", root = model, max_model_len = length }],
        }));
        app.MapGet("/metrics", () => Results.Text(Metrics(name), "text/plain; version=0.0.4"));
        app.MapPost("/v1/chat/completions", ChatAsync);

        async Task ChatAsync(HttpContext context)
        {
            var request = await context.Request.ReadFromJsonAsync<ChatRequest>(context.RequestAborted);
            if (request?.Model != name)
            {
                await Results.Json(new { error = new { message = $"The model `{request?.Model}` does not exist.", type = "NotFoundError", param = "model", code = 404 } }, statusCode: 404)
                    .ExecuteAsync(context);
                return;
            }

            var tokens = Answer.Take(request.MaxTokens ?? Answer.Length).ToArray();
            if (Interlocked.Add(ref s_generatedTokens, tokens.Length) == tokens.Length)
            {
                StampFirstToken();
            }

            await (request.Stream ? StreamAsync(context, name, tokens) : Results.Json(Whole(name, tokens)).ExecuteAsync(context));
        }
    }

    private static void StampFirstToken()
    {
        if (Environment.GetEnvironmentVariable("FAKE_SPARK_STATE") is { } state)
        {
            var nanoseconds = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            File.WriteAllText(Path.Combine(state, "first-token-at"), nanoseconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static object Whole(string name, string[] tokens) => new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1795246922,
        model = name,
        choices = (object[])[new { index = 0, message = new { role = "assistant", content = string.Concat(tokens) }, finish_reason = "stop" }],
        usage = new { prompt_tokens = 9, completion_tokens = tokens.Length, total_tokens = 9 + tokens.Length },
    };

    private static async Task StreamAsync(HttpContext context, string name, string[] tokens)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var token in tokens)
        {
            var chunk = new
            {
                id = "chatcmpl-1",
                @object = "chat.completion.chunk",
                created = 1795246922,
                model = name,
                choices = (object[])[new { index = 0, delta = new { content = token } }],
            };
            await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk)}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private static string Metrics(string name)
    {
        var text = new StringBuilder();
        Add("vllm:num_requests_running", "gauge", 0);
        Add("vllm:num_requests_waiting", "gauge", 0);
        Add("vllm:kv_cache_usage_perc", "gauge", 0);
        Add("vllm:prompt_tokens_total", "counter", 9);
        Add("vllm:generation_tokens_total", "counter", Volatile.Read(ref s_generatedTokens));
        return text.ToString();

        void Add(string metric, string type, int value) =>
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {metric} {type}\n{metric}{{engine=\"0\",model_name=\"{name}\"}} {value}.0\n");
    }

    private sealed record ChatRequest(string? Model, bool Stream, [property: JsonPropertyName("max_tokens")] int? MaxTokens);
}
