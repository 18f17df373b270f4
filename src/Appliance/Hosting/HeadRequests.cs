namespace Appliance.Hosting;

/// <summary>
/// HEAD asks for what GET answers, without the body (RFC 9110, 9.3.2): monitors and health checks do so. Routes are written for GET, so the request
/// goes on as one; the server sends no body, because it has read the word HEAD itself.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    private static readonly object Mark = new();

    /// <summary>Whether only the headers were asked for, so that an endless answer ends at once.</summary>
    public static bool Is(HttpContext context) => context.Items.ContainsKey(Mark);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        context.Items[Mark] = null;
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
    }
}
