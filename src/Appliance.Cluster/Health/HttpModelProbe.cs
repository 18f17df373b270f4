using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Appliance.Cluster.Health;

/// <summary>Probes over HTTP: IPv4 first, no proxy, no redirects, bounded answers, a deadline for every question.</summary>
internal sealed class HttpModelProbe : IModelProbe, IDisposable
{
    private const int AnswerLimit = 1 << 20;

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

        using var json = TryParse(reply.Body);
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root
            || !root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array || data.GetArrayLength() == 0
            || Text(data[0], "id") is not { Length: > 0 } id)
        {
            return new IdentityAnswer.NoAnswer("it answered, but did not name a model");
        }

        var length = data[0].TryGetProperty("max_model_len", out var max) && max.ValueKind == JsonValueKind.Number && max.TryGetInt32(out var tokens) ? tokens : (int?)null;
        return new IdentityAnswer.Named(id, Text(data[0], "root"), length);
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
        return reply.Status is HttpStatusCode.OK && PrometheusText.FindSum(reply.Body, "vllm:generation_tokens_total") is { } generated
            ? new ServerCounters(
                (int)(PrometheusText.FindSum(reply.Body, "vllm:num_requests_running") ?? 0),
                (int)(PrometheusText.FindSum(reply.Body, "vllm:num_requests_waiting") ?? 0),
                generated,
                PrometheusText.FindSum(reply.Body, "vllm:prompt_tokens_total") ?? 0,
                PrometheusText.FindSum(reply.Body, "vllm:time_to_first_token_seconds_sum") ?? 0,
                PrometheusText.FindSum(reply.Body, "vllm:time_to_first_token_seconds_count") ?? 0)
            : null;
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
                return new Reply(answer.StatusCode, await answer.Content.ReadAsStringAsync(either.Token), $"it answered with status {(int)answer.StatusCode}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply(null, "", $"no answer within {deadline.TotalSeconds:0} s");
        }
        catch (HttpRequestException failed)
        {
            return new Reply(null, "", failed.HttpRequestError == HttpRequestError.ConnectionError ? "nothing listens there" : "the connection broke")
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
            var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
            await socket.ConnectAsync([.. addresses.OrderBy(address => address.AddressFamily != AddressFamily.InterNetwork)], context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool HasToken(string body)
    {
        using var json = TryParse(body);
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            return false;
        }

        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            && usage.TryGetProperty("completion_tokens", out var count) && count.ValueKind == JsonValueKind.Number && count.GetDouble() >= 1)
        {
            return true;
        }

        if (root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            return choices.EnumerateArray().Any(choice => Text(choice, "text") is { Length: > 0 }
                || (choice.TryGetProperty("message", out var message)
                    && new[] { "content", "reasoning", "reasoning_content" }.Any(name => Text(message, name) is { Length: > 0 })));
        }

        return root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array && data.GetArrayLength() > 0;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonDocument? TryParse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            // Not JSON is one of the answers a stranger on the port may give.
            return null;
        }
    }

    private sealed record Reply(HttpStatusCode? Status, string Body, string Complaint)
    {
        public bool IsRefused { get; init; }
    }
}
