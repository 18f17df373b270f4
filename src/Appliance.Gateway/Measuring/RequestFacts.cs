using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Measuring;

/// <summary>
/// What becomes known about a request while it passes, for the numbers and the list of requests: whoever knows something sets it. A feature of the
/// request, see <see cref="Of"/>. Nothing of its content. Not thread-safe; a request has one hand at a time.
/// </summary>
internal sealed class RequestFacts(TimeProvider time, RequestMeter meter, string route)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private UsageScan? _usage;
    private long _firstPiece;
    private long _lastPiece;
    private string? _model;
    private string? _upstream;

    /// <summary>What went wrong. <see cref="OpenAi.FailureWriter"/> sets it from the failure that it writes; it is set by hand only where nothing is written.</summary>
    public RequestFault Fault { get; set; }

    /// <summary>Who asked, as far as the list of requests may show it.</summary>
    public string? Caller { get; set; }

    /// <summary>How long it waited for its model to be loaded; add to it.</summary>
    public TimeSpan WaitedForModel { get; set; }

    /// <summary>How long it waited for its turn at the model server; add to it.</summary>
    public TimeSpan WaitedForTurn { get; set; }

    /// <summary>What the answer's header <c>x-queue-ms</c> says.</summary>
    public TimeSpan Waited => WaitedForModel + WaitedForTurn;

    /// <summary>Whether a model server was asked.</summary>
    public bool WasSent => _upstream is not null;

    /// <summary>Whether the answer comes as a stream of events.</summary>
    public bool IsStreamed { get; private set; }

    /// <summary>Events of the stream that have passed, comments left out.</summary>
    public int Events { get; private set; }

    /// <summary>Bytes of the answer that have passed.</summary>
    public long BytesOut { get; private set; }

    /// <summary>The facts of a request; null on a path that is not measured.</summary>
    public static RequestFacts? Of(HttpContext context) => context.Features.Get<RequestFacts>();

    /// <summary>The request goes to this server, or, after it failed before its first byte, to another.</summary>
    public void SendTo(Upstream upstream)
    {
        Return();
        _model = upstream.ModelId ?? upstream.Id;
        _upstream = upstream.Id;
        meter.Sent(_model, route);
    }

    /// <summary>The model server has begun to answer with a good status.</summary>
    /// <param name="isStreamed">Whether events follow.</param>
    /// <param name="tellsUsage">Whether the answer is text in which token counts may stand.</param>
    public void AnswerBegins(bool isStreamed, bool tellsUsage)
    {
        IsStreamed = isStreamed;
        _usage = tellsUsage ? new UsageScan() : null;
    }

    /// <summary>A piece of the model server's answer passes.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        BytesOut += bytes.Length;
        _usage?.Add(bytes);
        var events = IsStreamed ? bytes.Count("data:"u8) : 0;
        Events += events;
        // A server that keeps the connection warm with comments has not begun to write.
        if (events > 0 || !IsStreamed)
        {
            _lastPiece = time.GetTimestamp();
            _firstPiece = _firstPiece == 0 ? _lastPiece : _firstPiece;
        }
    }

    /// <summary>The request is over.</summary>
    public RequestRecord End(string requestId, int status, long? bytesIn)
    {
        Return();
        _usage?.End();
        var record = new RequestRecord
        {
            StartedAt = _startedAt,
            RequestId = requestId,
            Route = route,
            Model = _model,
            Upstream = _upstream,
            Caller = Caller,
            Status = status,
            Fault = Fault,
            IsStreamed = IsStreamed,
            WaitedForModel = WaitedForModel,
            WaitedForTurn = WaitedForTurn,
            Duration = time.GetElapsedTime(_started),
            FirstToken = _firstPiece == 0 ? null : time.GetElapsedTime(_started, _firstPiece),
            Generation = _firstPiece == 0 ? null : time.GetElapsedTime(_firstPiece, _lastPiece),
            TokensIn = _usage?.TokensIn,
            TokensOut = _usage?.TokensOut,
            Events = Events,
            BytesIn = bytesIn,
            BytesOut = BytesOut,
        };
        meter.Add(record);
        return record;
    }

    private void Return()
    {
        if (_model is { } model)
        {
            meter.Returned(model, route);
        }
    }
}
