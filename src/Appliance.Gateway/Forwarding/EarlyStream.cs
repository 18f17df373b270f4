using Appliance.Gateway.OpenAi;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Appliance.Gateway.Forwarding;

/// <summary>
/// A streamed answer that was begun before anybody answers, because its caller has to wait: status 200 and the type of an event stream are out, and comments
/// follow. From then on an error can only be an event; <see cref="FailureWriter"/> knows. A feature of the request, see <see cref="Of"/>.
/// </summary>
internal sealed class EarlyStream : IDisposable
{
    private readonly HttpContext _context;
    private readonly PassThroughRoute _route;
    private readonly BegunResponse _response;

    private EarlyStream(HttpContext context, PassThroughRoute route, BegunResponse response, StreamComments comments)
    {
        (_context, _route, _response, Comments) = (context, route, response, comments);
    }

    public StreamComments Comments { get; }

    /// <summary>Whether the stream has ended with an error event.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The early stream of a request; null when its answer has not been begun.</summary>
    public static EarlyStream? Of(HttpContext context) => context.Features.Get<EarlyStream>();

    /// <summary>Begins the answer. Nothing may have been sent yet.</summary>
    public static async Task<EarlyStream> BeginAsync(HttpContext context, PassThroughRoute route, TimeProvider time, string comment)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(context.RequestAborted);

        var response = new BegunResponse(context.Features.GetRequiredFeature<IHttpResponseFeature>());
        var early = new EarlyStream(context, route, response, new StreamComments(context, time, comment));
        context.Features.Set<IHttpResponseFeature>(response);
        context.Features.Set(early);
        await early.Comments.WriteAsync(comment);
        early.Comments.Open();
        return early;
    }

    /// <summary>The upstream answers with a stream, which goes on where ours stands.</summary>
    public void AnswerBegins() => _response.HasStarted = true;

    /// <summary>Ends the stream with an error event.</summary>
    public async Task FailAsync(Failure failure)
    {
        await Comments.CloseAsync();
        HasFailed = true;
        _response.StatusCode = failure.Status;
        _response.HasStarted = true;
        await _context.Response.Body.WriteAsync(FailureEvents.Make(_route.StreamEnd, failure.Body, position: 0), _context.RequestAborted);
    }

    public void Dispose() => Comments.Dispose();
}
