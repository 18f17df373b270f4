using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Appliance.Benchmarks.Servers;

/// <summary>A model server that answers at once, so that everything measured is the way to it and back.</summary>
internal static class StandInModel
{
    public const string Name = "stand-in";

    private const int Chunks = 40;

    // 20 tokens per second for each of many readers.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private static readonly byte[] s_answer = Encoding.UTF8.GetBytes(
        $$$"""
        {"id":"chatcmpl-1","object":"chat.completion","created":0,"model":"{{{Name}}}","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('x', 800)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":200,"total_tokens":210}}
        """);

    public static Task<LoopbackServer> StartAsync() => LoopbackServer.StartAsync(_ => { }, app =>
    {
        app.MapPost("/v1/chat/completions", (HttpContext context) => AnswerAsync(context));
        app.MapPost("/v1/audio/transcriptions", (HttpContext context) => SwallowAsync(context)).WithMetadata(new DisableRequestSizeLimitAttribute());
    });

    private static async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await StreamAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = s_answer.Length;
        await context.Response.Body.WriteAsync(s_answer, context.RequestAborted);
    }

    private static async Task SwallowAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"text":"Silence."}""", context.RequestAborted);
    }

    /// <summary>Each chunk's content is the moment at which it was sent.</summary>
    private static async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < Chunks; i++)
        {
            await Task.Delay(s_pause, TimeProvider.System, context.RequestAborted);
            var stamp = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
            await context.Response.WriteAsync(
                $$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":0,"model":"{{{Name}}}","choices":[{"index":0,"delta":{"content":"{{{stamp}}}"}}]}""" + "\n\n",
                context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }
}
