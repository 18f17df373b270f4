using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Appliance.Cluster.Health;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Webhooks;

/// <summary>
/// Sends one message once. Address and secret are read at the moment of sending. No redirects, no proxy, no cookies, a new connection for every try (so that
/// every try judges the address), 15 s for everything, and of the answer only status and headers. Thread-safe.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>Standard Webhooks asks for 15 to 30 s.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private const int BodyLimit = 4 * 1024;
    private const int HeadersKilobytes = 16;

    private readonly ISettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _client;

    public WebhookSender(ISettings settings, WebhookDialer dialer, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectCallback = dialer.ConnectAsync,
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseHeadersLength = HeadersKilobytes,
            MaxResponseDrainSize = BodyLimit,
        });
    }

    /// <summary>Sends it; only cancellation throws.</summary>
    public async Task<WebhookAnswer> SendAsync(WebhookEntry entry, CancellationToken cancellationToken)
    {
        var settings = _settings.Current;
        if (settings.Get(WebhookSettings.Url) is not { } address)
        {
            return new WebhookAnswer.NotSet();
        }

        using var request = Request(entry, address, settings.Get(WebhookSettings.Secret));
        request.Options.Set(WebhookDialer.IsOfTheEnvironment, settings.SourceOf(WebhookSettings.Url) == SettingSource.Environment);
        using var late = new CancellationTokenSource(Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var answer = await _client.SendAsync(request, either.Token);
            return Read(answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer.None($"The receiver did not answer within {Deadline.TotalSeconds:0} s.");
        }
        catch (HttpRequestException failed)
        {
            return new WebhookAnswer.None(failed.InnerException is ForbiddenAddressException forbidden
                ? forbidden.Message
                : $"The receiver was not reached: {HttpComplaint.Of(failed)}.");
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(WebhookEntry entry, Uri address, string? secret)
    {
        var body = Encoding.UTF8.GetBytes(entry.Body);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("User-Agent", "Appliance");
        request.Headers.Add("webhook-id", entry.Id.Value);
        request.Headers.Add("webhook-timestamp", timestamp.ToString());
        if (secret is not null)
        {
            request.Headers.Add("webhook-signature", WebhookSignature.Standard(secret, entry.Id.Value, timestamp, body));
            request.Headers.Add("X-Spark-Signature", WebhookSignature.Spark(secret, body));
        }

        return request;
    }

    private WebhookAnswer Read(HttpResponseMessage answer) => answer switch
    {
        { IsSuccessStatusCode: true } => new WebhookAnswer.Taken((int)answer.StatusCode),
        { StatusCode: HttpStatusCode.Gone } => new WebhookAnswer.Gone(),
        _ => new WebhookAnswer.Refused((int)answer.StatusCode, FindRetryAfter(answer.Headers.RetryAfter)),
    };

    private TimeSpan? FindRetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };
}
