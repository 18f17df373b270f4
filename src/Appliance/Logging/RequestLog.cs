using Appliance.Problems;
using Appliance.Security;

namespace Appliance.Logging;

/// <summary>
/// One line per request: method, route, status, time. The route is our own pattern, never the caller's path or query, and no
/// body is ever read here. Reads that went well are at Debug: a dashboard and its scripts make thousands.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var id = RequestIds.TakeOrMint(context.Request);
        context.TraceIdentifier = id;
        context.Request.Headers[RequestIds.Header] = id;
        context.Response.OnStarting(static state => WriteId((HttpContext)state), context);

        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new("request_id", id) });
        var started = time.GetTimestamp();
        await next(context);
        Log(context, time.GetElapsedTime(started));
    }

    private static Task WriteId(HttpContext context)
    {
        context.Response.Headers[RequestIds.Header] = context.TraceIdentifier;
        return Task.CompletedTask;
    }

    private void Log(HttpContext context, TimeSpan took)
    {
        var endpoint = context.GetEndpoint();
        var status = context.Response.StatusCode;
        var changes = endpoint?.FindSecurityClass() is SecurityClass.Mutate or SecurityClass.Destructive or SecurityClass.Proxy;
        var level = status switch
        {
            >= StatusCodes.Status500InternalServerError => LogLevel.Warning,
            >= StatusCodes.Status400BadRequest => LogLevel.Information,
            _ => changes ? LogLevel.Information : LogLevel.Debug,
        };
        LogRequest(
            level,
            Method(context.Request.Method),
            (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route",
            status,
            Answer.FindCode(context),
            (long)took.TotalMilliseconds);
    }

    private static string Method(string method) => method.Length <= 10 && method.All(char.IsAsciiLetterUpper) ? method : "other";

    [LoggerMessage(Message = "{Method} {Route} answered {Status} {Code} after {Milliseconds} ms")]
    private partial void LogRequest(LogLevel level, string method, string route, int status, string? code, long milliseconds);
}
