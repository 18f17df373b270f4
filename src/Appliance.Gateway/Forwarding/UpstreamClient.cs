using System.Net;

namespace Appliance.Gateway.Forwarding;

/// <summary>The one pooled HTTP client to all upstreams. Thread-safe.</summary>
internal sealed class UpstreamClient : IDisposable
{
    /// <summary>Uvicorn, which vLLM runs on, closes an idle connection after 5 s. We let go first, or a request meets a connection that is just closing.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    /// <summary>Servers that know nothing of it are sent the recording after this.</summary>
    private static readonly TimeSpan ContinueLimit = TimeSpan.FromMilliseconds(200);

    public HttpMessageInvoker Invoker { get; } = new(new JoinedBodyHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectLimit,
        PooledConnectionIdleTimeout = IdleLimit,
        Expect100ContinueTimeout = ContinueLimit,
        MaxResponseHeadersLength = 32,
        // A cancelled answer is not read to its end: closing the connection is what stops the generation.
        ResponseDrainTimeout = TimeSpan.Zero,
        ActivityHeadersPropagator = null,
    }));

    public void Dispose() => Invoker.Dispose();
}
