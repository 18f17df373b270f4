using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Appliance.Cluster.Health;

/// <summary>Probes over HTTP: IPv4 first, no proxy, no redirects, bounded answers, a deadline for every question.</summary>
internal sealed class HttpModelProbe : IModelProbe, IDisposable
{
    private const int AnswerLimit = 1 << 20;
    private const int NameLimit = 500;

    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);

    // A busy GB10 answers its health path up to 4 s late (spark-vllm-docker.md section 6).
    private static readonly TimeSpan LookDeadline = TimeSpan.FromSeconds(8);

    // A queue of long prompts stands before the one token; beyond this the answer is "not now".
    private static readonly TimeSpan GenerationDeadline = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public HttpModelProbe(TimeProvider time)
    {
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectDeadline,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerLimit,
        };
    }

    public async Task<IdentityAnswer> IdentifyAsync(Uri server, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/v1/models")), LookDeadline, cancellationToken);
        if (reply.Status is not HttpStatusCode.OK)
        {
            return reply.IsRefused ? new IdentityAnswer.Refused() : new IdentityAnswer.NoAnswer(reply.Complaint);
        }

        using var json = ForeignJson.TryParse(reply.Body);
        var models = json is null ? [] : ForeignJson.Items(ForeignJson.TryFind(json.RootElement, "data")).Take(1).ToArray();
        if (models is not [var model] || ForeignJson.TryText(model, "id") is not { Length: > 0 and <= NameLimit } id || id.Any(char.IsControl))
        {
            return new IdentityAnswer.NoAnswer("it answered, but did not name a model");
        }

        var length = ForeignJson.TryFind(model, "max_model_len") is { ValueKind: JsonValueKind.Number } max && max.TryGetInt32(out var tokens) ? tokens : (int?)null;
        return new IdentityAnswer.Named(id, ForeignJson.TryText(model, "root"), length);
    }

    public async Task<GenerationAnswer> GenerateAsync(Uri server, string servedName, CancellationToken cancellationToken)
    {
        var begin = _time.GetTimestamp();
        var chat = new { model = servedName, messages = new[] { new { role = "user", content = "Hi" } }, max_tokens = 1, stream = false };
        var reply = await AskAsync(Post(server, "/v1/chat/completions", chat), GenerationDeadline, cancellationToken);
        if (reply.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            // A base model has no chat template, a pooling model no chat at all.
            reply = await AskAsync(Post(server, "/v1/completions", new { model = servedName, prompt = "Hi", max_tokens = 1 }), GenerationDeadline, cancellationToken);
        }

        if (reply.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            reply = await AskAsync(Post(server, "/v1/embeddings", new { model = servedName, input = "Hi" }), GenerationDeadline, cancellationToken);
        }

        return reply.Status is not HttpStatusCode.OK
            ? new GenerationAnswer.Nothing(reply.Complaint)
            : HasToken(reply.Body) ? new GenerationAnswer.Token(_time.GetElapsedTime(begin)) : new GenerationAnswer.Nothing("it answered without a token");
    }

    public async Task<ServerCounters?> ReadCountersAsync(Uri server, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/metrics")), LookDeadline, cancellationToken);
        return reply.Status is HttpStatusCode.OK ? PrometheusText.TryReadCounters(Encoding.UTF8.GetString(reply.Body)) : null;
    }

    public async Task<string?> CheckAsync(Uri healthAddress, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(new HttpRequestMessage(HttpMethod.Get, healthAddress), LookDeadline, cancellationToken);
        return reply.Status is HttpStatusCode.OK ? null : reply.Complaint;
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Post<T>(Uri server, string path, T body) =>
        new(HttpMethod.Post, new Uri(server, path)) { Content = JsonContent.Create(body, MediaTypeHeaderValue.Parse("application/json")) };

    private async Task<Reply> AskAsync(HttpRequestMessage request, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using (request)
            {
                using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
                return new Reply(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(either.Token), $"it answered with status {(int)answer.StatusCode}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply(null, [], $"no answer within {deadline.TotalSeconds:0} s");
        }
        catch (HttpRequestException failed)
        {
            return new Reply(null, [], HttpComplaint.Of(failed))
            {
                IsRefused = failed.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused },
            };
        }
    }

    /// <summary>Servers listen on IPv4 only, and a name ending in .local resolves to IPv6 first: seconds are lost per look otherwise (F-35).</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(await FindAddressesAsync(context.DnsEndPoint.Host, cancellationToken), context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> FindAddressesAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            // Asked for IPv4 alone, the resolver does not wait for the other answer.
            if (await Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork, cancellationToken) is { Length: > 0 } addresses)
            {
                return addresses;
            }
        }
        catch (SocketException none) when (none.SocketErrorCode is SocketError.NoData or SocketError.HostNotFound or SocketError.AddressFamilyNotSupported)
        {
            // A name or a literal with IPv6 only.
        }

        return await Dns.GetHostAddressesAsync(host, cancellationToken);
    }

    private static bool HasToken(byte[] body)
    {
        using var json = ForeignJson.TryParse(body);
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            return false;
        }

        if (ForeignJson.TryFind(root, "usage") is { } usage
            && ForeignJson.TryFind(usage, "completion_tokens") is { ValueKind: JsonValueKind.Number } count && count.TryGetDouble(out var tokens) && tokens >= 1)
        {
            return true;
        }

        return ForeignJson.Items(ForeignJson.TryFind(root, "choices")).Any(HasText)
            || ForeignJson.Items(ForeignJson.TryFind(root, "data")).Any(item =>
                ForeignJson.TryFind(item, "embedding") is { } vector
                && (ForeignJson.TryText(vector) is { Length: > 0 } || ForeignJson.Items(vector).Any()));
    }

    private static bool HasText(JsonElement choice) =>
        ForeignJson.TryText(choice, "text") is { Length: > 0 }
        || (ForeignJson.TryFind(choice, "message") is { } message
            && (ForeignJson.TryText(message, "content") is { Length: > 0 }
                || ForeignJson.TryText(message, "reasoning") is { Length: > 0 }
                || ForeignJson.TryText(message, "reasoning_content") is { Length: > 0 }));

    private sealed record Reply(HttpStatusCode? Status, byte[] Body, string Complaint)
    {
        public bool IsRefused { get; init; }
    }
}
