using System.Reflection;
using System.Text.Json;
using Appliance.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Appliance.Events;

/// <summary>
/// Server-sent events with ids and a comment as heartbeat, so that a proxy in between does not take a quiet stream for a
/// dead one. (The framework's own result cannot write comments.) Ends with its source, or when the appliance stops.
/// </summary>
internal sealed class EventStream(Func<CancellationToken, IAsyncEnumerable<StreamEvent>> read) : IResult, IEndpointMetadataProvider
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var json = services.GetRequiredService<IOptionsMonitor<JsonOptions>>().CurrentValue.SerializerOptions;
        var time = services.GetRequiredService<TimeProvider>();
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);

        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        // nginx holds a stream back otherwise.
        response.Headers["X-Accel-Buffering"] = "no";
        if (HeadRequests.Is(httpContext))
        {
            return;
        }

        try
        {
            await WriteAsync(response, ": here it comes\n\n", ended.Token);
            await CopyAsync(response, json, time, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left or the appliance stops: the reader comes back with Last-Event-ID.
        }
    }

    private async Task CopyAsync(HttpResponse response, JsonSerializerOptions json, TimeProvider time, CancellationToken cancellationToken)
    {
        var events = read(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            while (await IsThereNextAsync(next, response, time, cancellationToken))
            {
                var item = events.Current;
                var data = JsonSerializer.Serialize(item.Data, item.Data.GetType(), json);
                await WriteAsync(response, $"id: {item.Id}\nevent: {item.Type}\ndata: {data}\n\n", cancellationToken);
                next = events.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator must not be disposed while it is asked for its next item.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync();
        }
    }

    private static async Task<bool> IsThereNextAsync(Task<bool> next, HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await next.WaitAsync(Heartbeat, time, cancellationToken);
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                await WriteAsync(response, ": still here\n\n", cancellationToken);
            }
        }
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
