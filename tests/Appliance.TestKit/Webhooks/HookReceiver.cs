using System.Collections.Concurrent;
using System.Threading.Channels;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Appliance.TestKit.Webhooks;

/// <summary>A program that receives messages, on real Kestrel. It keeps what came and answers as it was told; without being told, with 200.</summary>
public sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedHook> _received = new();
    private readonly Channel<ReceivedHook> _news = Channel.CreateUnbounded<ReceivedHook>();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();

    private HookReceiver(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(new Uri(_app.Urls.First()), "/hooks/swap?for=Alice");

    /// <summary>Everything that came, in order.</summary>
    public IReadOnlyCollection<ReceivedHook> Received => _received;

    /// <summary>What it answers when no answer is queued.</summary>
    public Func<HttpContext, Task> Usual { get; set; } = Status(200);

    public static async Task<HookReceiver> StartAsync(string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        var receiver = new HookReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync().DefaultTimeout();
        return receiver;
    }

    /// <summary>An answer with a status and nothing else.</summary>
    public static Func<HttpContext, Task> Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.CompletedTask;
    };

    /// <summary>Takes the message and never answers, until the sender gives up.</summary>
    public static async Task Hang(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>The next answers, in order.</summary>
    public void Answer(params Func<HttpContext, Task>[] answers)
    {
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }
    }

    /// <summary>The next message; waits for it.</summary>
    public async Task<ReceivedHook> NextAsync() => await _news.Reader.ReadAsync().AsTask().DefaultTimeout();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var hook = new ReceivedHook(
            context.Request.Method,
            $"{context.Request.Path}{context.Request.QueryString}",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        _received.Enqueue(hook);
        await _news.Writer.WriteAsync(hook);
        await (_answers.TryDequeue(out var answer) ? answer : Usual)(context);
    }
}
