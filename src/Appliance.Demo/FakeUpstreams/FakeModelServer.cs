using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Appliance.Cluster.Models;
using Appliance.Demo.Launching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Appliance.Demo.FakeUpstreams;

/// <summary>
/// A stand-in for a vLLM server: a real listener that speaks vLLM's wire closely enough for stock clients. It keeps its port for life; while it is closed,
/// connections are refused at once. Thread-safe.
/// </summary>
public sealed class FakeModelServer : IModelPort
{
    /// <summary>The dimensions of the vectors of a model with <see cref="Capability.Embedding"/>.</summary>
    public const int Dimensions = 1024;

    private readonly LoopbackServer _server;
    private readonly TimeProvider _time;
    private volatile FakeServerBehaviour _behaviour = FakeServerBehaviour.Default;
    private volatile FakeModel? _model;
    private volatile FakeCounters _counters = new();

    private FakeModelServer(IPAddress address, TimeProvider time)
    {
        _time = time;
        _server = LoopbackServer.Reserve(address, Map);
    }

    /// <summary>The port, the same open or closed.</summary>
    public int Port => _server.Port;

    /// <summary>Whether it listens.</summary>
    public bool IsOpen => _server.IsOpen;

    /// <summary>The model it pretends to serve; null before it was first opened.</summary>
    public FakeModel? Model => _model;

    /// <summary>How it behaves; holds over a close and reopen.</summary>
    public FakeServerBehaviour Behaviour
    {
        get => _behaviour;
        set => _behaviour = value;
    }

    /// <summary>HTTP requests in work, of any kind.</summary>
    public int OpenRequests => _counters.Open;

    /// <summary>Answers under way.</summary>
    public int Running => _counters.Running;

    /// <summary>Answers that were given up because their client went away, since it was opened.</summary>
    public int CancelledRequests => _counters.Cancelled;

    /// <summary>Answers that were given whole, since it was opened.</summary>
    public int CompletedRequests => _counters.Completed;

    /// <summary>Tokens made since it was opened.</summary>
    public long GeneratedTokens => _counters.GeneratedTokens;

    /// <summary>Takes a free port on an address of this machine. It is closed.</summary>
    public static FakeModelServer Reserve(IPAddress address, TimeProvider time) => new(address, time);

    /// <summary>Listens, with fresh counters, as a server that has just loaded this model. An open one is closed first.</summary>
    public Task OpenAsync(FakeModel model, CancellationToken cancellationToken)
    {
        _model = model;
        _counters = new FakeCounters();
        return _server.OpenAsync(cancellationToken);
    }

    /// <summary>Stops listening and cuts every connection.</summary>
    public Task CloseAsync() => _server.CloseAsync();

    /// <summary>Waits until a condition over the counters holds; looks again at every change.</summary>
    public async Task WaitUntilAsync(Func<FakeModelServer, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _counters.Changed;
            if (condition(this))
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.Use(CountAsync);
        app.MapGet("/health", HealthAsync);
        app.MapGet("/ping", HealthAsync);
        app.MapPost("/ping", HealthAsync);
        app.MapGet("/version", context => FakeErrors.WriteJsonAsync(context, new JsonObject { ["version"] = "0.18.0" }));
        app.MapGet("/v1/models", ModelsAsync);
        app.MapGet("/metrics", MetricsAsync);
        app.MapPost("/v1/chat/completions", context => GenerateAsync(context, FakeApi.Chat));
        app.MapPost("/v1/completions", context => GenerateAsync(context, FakeApi.Completions));
        app.MapPost("/v1/responses", context => GenerateAsync(context, FakeApi.Responses));
        app.MapPost("/v1/messages", context => GenerateAsync(context, FakeApi.Messages));
        app.MapPost("/v1/messages/count_tokens", CountTokensAsync);
        app.MapPost("/v1/embeddings", EmbedAsync);
        foreach (var path in (string[])["/rerank", "/v1/rerank", "/v2/rerank"])
        {
            app.MapPost(path, RerankAsync);
        }

        app.MapPost("/tokenize", TokenizeAsync);
        app.MapPost("/detokenize", DetokenizeAsync);
        app.MapFallback(context => FakeErrors.WriteJsonAsync(context, new JsonObject { ["detail"] = "Not Found" }, StatusCodes.Status404NotFound));
    }

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var counters = _counters;
        context.Response.Headers.Server = "uvicorn";
        counters.RequestOpened();
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, nobody is left to answer; the generation has counted it.
        }
        finally
        {
            counters.RequestClosed();
        }
    }

    private async Task HealthAsync(HttpContext context)
    {
        if (_behaviour.HealthDelay is { Ticks: > 0 } delay)
        {
            await Task.Delay(delay, _time, context.RequestAborted);
        }

        context.Response.StatusCode = _behaviour.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
    }

    private Task ModelsAsync(HttpContext context)
    {
        var model = _model!;
        return FakeErrors.WriteJsonAsync(context, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray(new JsonObject
            {
                ["id"] = model.ServedName,
                ["object"] = "model",
                ["created"] = _time.GetUtcNow().ToUnixTimeSeconds(),
                ["owned_by"] = "vllm",
                ["root"] = model.Repo,
                ["parent"] = null,
                ["max_model_len"] = model.MaxModelLength,
                ["permission"] = new JsonArray(),
            }),
        });
    }

    private async Task MetricsAsync(HttpContext context)
    {
        if (!_behaviour.HasMetrics)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(_counters.ToPrometheus(_model!.ServedName), context.RequestAborted);
    }

    private async Task GenerateAsync(HttpContext context, FakeApi api)
    {
        var model = _model!;
        if (await ReadBodyAsync(context, model) is not { } body)
        {
            return;
        }

        using (body)
        {
            var request = FakeRequest.Read(body.RootElement, api);
            if (Refusal(request, model, api) is { } refusal)
            {
                await FakeErrors.BadRequestAsync(context, refusal);
                return;
            }

            request = model.Can(Capability.Tools) ? request : request with { Tool = null };
            var answer = FakeAnswer.To(request, model, _behaviour.Answer);
            var generation = new FakeGeneration(request, answer, _counters, () => _behaviour, _time);
            await WriteAsync(context, api, model, request, generation);
        }
    }

    private Task WriteAsync(HttpContext context, FakeApi api, FakeModel model, FakeRequest request, FakeGeneration generation)
    {
        switch (api)
        {
            case FakeApi.Responses:
                var responses = new FakeResponsesEndpoint(model, _time);
                return request.Stream ? responses.WriteStreamAsync(context, request, generation) : responses.WriteWholeAsync(context, request, generation);
            case FakeApi.Messages:
                var messages = new FakeMessagesEndpoint(model);
                return request.Stream ? messages.WriteStreamAsync(context, request, generation) : messages.WriteWholeAsync(context, request, generation);
            default:
                var chat = new FakeChatEndpoint(model, api == FakeApi.Chat, _time);
                return request.Stream ? chat.WriteStreamAsync(context, request, generation) : chat.WriteWholeAsync(context, request, generation);
        }
    }

    private static string? Refusal(FakeRequest request, FakeModel model, FakeApi api)
    {
        var tokens = FakeTokenizer.Count(request.Prompt);
        return !request.HasPrompt ? $"[{{'type': 'missing', 'loc': ('body', '{FakeRequest.PromptKey(api)}'), 'msg': 'Field required'}}]"
            : !model.Can(Capability.Chat) ? $"The model does not support {(api == FakeApi.Completions ? "Completions" : "Chat Completions")} API"
            : request.Choices != 1 ? "This stand-in gives one choice only (n=1)."
            : request.Pictures > 0 && !model.Can(Capability.Vision) ? $"{model.ServedName} is not a multimodal model"
            : request.MaxTokens < 1 ? $"max_tokens must be at least 1, got {request.MaxTokens}."
            : tokens > model.MaxModelLength ? $"This model's maximum context length is {model.MaxModelLength} tokens. However, your request has {tokens} input tokens. Please reduce the length of the input messages."
            : null;
    }

    private async Task EmbedAsync(HttpContext context)
    {
        var model = _model!;
        if (await ReadBodyAsync(context, model) is not { } body)
        {
            return;
        }

        using (body)
        {
            await (model.Can(Capability.Embedding)
                ? FakeEmbeddingsEndpoint.WriteAsync(context, body.RootElement, model.ServedName, Dimensions)
                : FakeErrors.BadRequestAsync(context, "The model does not support Embeddings API"));
        }
    }

    private async Task RerankAsync(HttpContext context)
    {
        var model = _model!;
        if (await ReadBodyAsync(context, model) is not { } body)
        {
            return;
        }

        using (body)
        {
            await (model.Can(Capability.Rerank)
                ? FakeRerankEndpoint.WriteLikeVllmAsync(context, body.RootElement, model.ServedName)
                : FakeErrors.BadRequestAsync(context, "The model does not support Score API"));
        }
    }

    private async Task TokenizeAsync(HttpContext context)
    {
        var model = _model!;
        if (await ReadBodyAsync(context, model) is not { } body)
        {
            return;
        }

        using (body)
        {
            var api = body.RootElement.TryGetProperty("messages", out _) ? FakeApi.Chat : FakeApi.Completions;
            var tokens = FakeTokenizer.Split(FakeRequest.Read(body.RootElement, api).Prompt);
            await FakeErrors.WriteJsonAsync(context, new JsonObject
            {
                ["count"] = tokens.Length,
                ["max_model_len"] = model.MaxModelLength,
                ["tokens"] = new JsonArray([.. tokens.Select(token => (JsonNode?)FakeTokenizer.IdOf(token))]),
                ["token_strs"] = null,
            });
        }
    }

    private async Task DetokenizeAsync(HttpContext context)
    {
        if (await ReadBodyAsync(context, _model!) is not { } body)
        {
            return;
        }

        using (body)
        {
            var tokens = body.RootElement.TryGetProperty("tokens", out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
            await FakeErrors.WriteJsonAsync(context, new JsonObject { ["prompt"] = string.Join(' ', Enumerable.Repeat("word", tokens)) });
        }
    }

    private async Task CountTokensAsync(HttpContext context)
    {
        if (await ReadBodyAsync(context, _model!) is not { } body)
        {
            return;
        }

        using (body)
        {
            await FakeErrors.WriteJsonAsync(context, new JsonObject { ["input_tokens"] = FakeTokenizer.Count(FakeRequest.Read(body.RootElement, FakeApi.Messages).Prompt) });
        }
    }

    /// <summary>The body, or null when the answer is already written: a set status, a dead engine, bad JSON, another model's name.</summary>
    private async Task<JsonDocument?> ReadBodyAsync(HttpContext context, FakeModel model)
    {
        if (_behaviour.AnswerStatus is { } status)
        {
            await FakeErrors.WriteAsync(context, status, "InternalServerError", $"The stand-in was told to answer {status}.");
            return null;
        }

        if (_behaviour.ModelsOnly)
        {
            await FakeErrors.WriteAsync(context, StatusCodes.Status500InternalServerError, "InternalServerError", "EngineCore encountered an issue. See stack trace (above) for the root cause.");
            return null;
        }

        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException error)
        {
            await FakeErrors.BadRequestAsync(context, $"JSON decode error: {error.Message}");
            return null;
        }

        if (body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("model", out var name) && name.ValueKind == JsonValueKind.String
            && name.GetString() != model.ServedName)
        {
            await FakeErrors.UnknownModelAsync(context, name.GetString()!);
            body.Dispose();
            return null;
        }

        if (body.RootElement.ValueKind != JsonValueKind.Object)
        {
            await FakeErrors.BadRequestAsync(context, "Input should be a valid dictionary or object to extract fields from");
            body.Dispose();
            return null;
        }

        return body;
    }
}
