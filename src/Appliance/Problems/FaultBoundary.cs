using System.Text.Json;
using Appliance.Cluster.Storage;
using Microsoft.AspNetCore.Connections;

namespace Appliance.Problems;

/// <summary>Nothing gets past it: an exception becomes an answer without inner details, an empty error answer gets its words.</summary>
internal sealed partial class FaultBoundary(RequestDelegate next, ILogger<FaultBoundary> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested
            && exception is OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The caller is gone: nobody is left to be told.
            LogCallerGone(context.Request.Method);
            return;
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
            return;
        }

        if (IsBareError(context.Response))
        {
            await Answer.WriteAsync(context, Refusal.OfStatus(context.Response.StatusCode));
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var refusal = exception switch
        {
            BadHttpRequestException bad => OfBadRequest(bad),
            // So the web server says that a chunk is longer than any number.
            IOException { InnerException: OverflowException } => Refusal.OfStatus(StatusCodes.Status400BadRequest),
            StoreException => Refusal.NotStored,
            _ => Refusal.Broken,
        };
        if (refusal.Status >= StatusCodes.Status500InternalServerError)
        {
            LogBroken(exception, context.Request.Method);
        }

        if (context.Response.HasStarted)
        {
            // Cutting the connection is the only way left to say that the answer is not whole.
            LogCut(exception, context.Request.Method);
            context.Abort();
            return;
        }

        context.Response.Clear();
        await Answer.WriteAsync(context, refusal);
    }

    private static Refusal OfBadRequest(BadHttpRequestException exception) => exception switch
    {
        { InnerException: JsonException } => Refusal.BadJson,
        _ => Refusal.OfStatus(exception.StatusCode),
    };

    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null, ContentLength: null or 0 };

    [LoggerMessage(Level = LogLevel.Debug, Message = "The caller of a {Method} request left before the answer")]
    private partial void LogCallerGone(string method);

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Method} request failed inside the appliance")]
    private partial void LogBroken(Exception exception, string method);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to a {Method} request was cut off in the middle")]
    private partial void LogCut(Exception exception, string method);
}
