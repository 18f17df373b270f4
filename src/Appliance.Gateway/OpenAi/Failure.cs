using System.Collections.Immutable;
using System.Diagnostics;
using Appliance.Cluster.Metrics;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Forms;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.OpenAi;

/// <summary>A status and its error object.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">What is sent.</param>
internal sealed record Failure(int Status, ErrorEnvelope Body)
{
    private const string BadRequestType = "invalid_request_error";
    private const string UnavailableType = "service_unavailable";
    private const string ServerType = "server_error";

    /// <summary>SDKs wait at most 60 s for a Retry-After and then choose their own pause.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>While nobody knows how long a load takes.</summary>
    private static readonly TimeSpan UsualRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>When to come back; null when that would not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Who failed and when, for the numbers. By default what the status says.</summary>
    public RequestFault Fault { get; init; } = UsualFault(Status, Body.IsTheirs);

    public static Failure BadRequest(string message, string? param = null, string code = "invalid_request", int status = StatusCodes.Status400BadRequest) =>
        Ours(status, new OpenAiError(message, BadRequestType, param, code));

    public static Failure WrongType(string wanted) =>
        BadRequest($"The body must be sent as {wanted}.", null, "unsupported_media_type", StatusCodes.Status415UnsupportedMediaType);

    /// <summary>The caller's key is missing, wrong, not enough, or one of too many wrong ones.</summary>
    public static Failure NotAllowed(int status, string code, string message) => Ours(
        status,
        new OpenAiError(message, status == StatusCodes.Status429TooManyRequests ? "rate_limit_error" : BadRequestType, null, code),
        fault: RequestFault.NotAllowed);

    public static Failure UnknownModel(string model, UpstreamMatch.Unknown match) => match.MeantFor is { } task
        ? ModelNotFound($"The model '{model}' is here, but it is for {Word(task)} and cannot answer this kind of request.", match.Known)
        : ModelNotFound($"The model '{model}' does not exist here.", match.Known);

    public static Failure Loading(Upstream upstream)
    {
        var wait = upstream.Eta ?? UsualRetryAfter;
        var error = new OpenAiError(upstream.Reason ?? "The model is being loaded.", UnavailableType, null, "model_loading")
        {
            State = "loading",
            Progress = upstream.Progress,
            EtaSeconds = upstream.Eta is { } eta ? (int)Math.Ceiling(eta.TotalSeconds) : null,
        };
        return Ours(StatusCodes.Status503ServiceUnavailable, error, wait < LongestRetryAfter ? wait : LongestRetryAfter, RequestFault.ModelLoading);
    }

    public static Failure Unavailable(string reason) =>
        Ours(StatusCodes.Status503ServiceUnavailable, new OpenAiError(reason, UnavailableType, null, "model_unavailable") { State = "unavailable" }, UsualRetryAfter);

    /// <summary>A change of the model did not wait any longer for this answer.</summary>
    public static Failure Cut() => Ours(
        StatusCodes.Status503ServiceUnavailable,
        new OpenAiError("The model is being stopped or changed, and this answer was not finished in time. Ask again.", UnavailableType, null, "answer_cut"),
        UsualRetryAfter,
        RequestFault.CutBySwap);

    public static Failure Overloaded() =>
        Ours(StatusCodes.Status503ServiceUnavailable, new OpenAiError("Too many large requests are waiting. Try again shortly.", UnavailableType, null, "overloaded"), UsualRetryAfter, RequestFault.TooBusy);

    /// <summary>No connection can be made. <paramref name="pause"/> is for how long nobody tries; null when this request itself has just tried.</summary>
    public static Failure Unreachable(Upstream upstream, TimeSpan? pause)
    {
        var tried = pause is null ? string.Empty : " The last requests could not reach it either; it is tried again in a few seconds.";
        var failure = Unavailable($"The server behind '{upstream.ModelId ?? upstream.Id}' does not accept connections.{tried}") with { Fault = RequestFault.UpstreamUnreachable };
        return pause is { } wait ? failure with { RetryAfter = wait } : failure;
    }

    /// <summary>The model is on its way, and as many requests wait for it as may.</summary>
    public static Failure HoldIsFull(Upstream upstream)
    {
        var loading = Loading(upstream);
        return loading with { Body = ErrorEnvelope.Ours(loading.Body.Error with { Message = $"{loading.Body.Error.Message} Too many requests are waiting for it already." }) };
    }

    /// <summary>A change of the model was wished and cannot be.</summary>
    public static Failure NotSwapped(WishOutcome.Refused refused) => Ours(
        StatusCodes.Status503ServiceUnavailable,
        new OpenAiError(refused.Reason, UnavailableType, null, refused.Code) { State = "unavailable" },
        refused.RetryAfter ?? UsualRetryAfter);

    public static Failure QueueIsFull(Upstream upstream, TimeSpan retryAfter) => Ours(
        StatusCodes.Status429TooManyRequests,
        new OpenAiError($"Too many requests are waiting for '{upstream.ModelId ?? upstream.Id}' already. Come back later.", "rate_limit_error", null, "queue_full"),
        retryAfter,
        RequestFault.TooBusy);

    public static Failure TurnDidNotCome(Upstream upstream, TimeSpan retryAfter) => Ours(
        StatusCodes.Status503ServiceUnavailable,
        new OpenAiError($"'{upstream.ModelId ?? upstream.Id}' is busy with other requests, and the turn of this one did not come in time.", UnavailableType, null, "queue_timeout"),
        retryAfter,
        RequestFault.TooBusy);

    /// <summary>The caller, who had to wait, has been promised a stream.</summary>
    public static Failure NoStream() => Theirs(
        StatusCodes.Status502BadGateway, new OpenAiError("The model server answered with something else than the stream that was asked for.", ServerType, null, "upstream_failed"), RequestFault.UpstreamBroke);

    public static Failure UpstreamSilent() =>
        Ours(StatusCodes.Status504GatewayTimeout, new OpenAiError("The model server did not answer in time.", ServerType, null, "upstream_timeout"), fault: RequestFault.UpstreamSilent);

    public static Failure UpstreamBroke() =>
        Ours(StatusCodes.Status502BadGateway, new OpenAiError("The model server ended the connection before it answered.", ServerType, null, "upstream_failed"), fault: RequestFault.UpstreamBroke);

    public static Failure UpstreamOdd() =>
        Ours(StatusCodes.Status502BadGateway, new OpenAiError("The model server gave an answer that was not understood.", ServerType, null, "upstream_failed")) with { Fault = RequestFault.UpstreamBroke };

    public static Failure AnswerTooLarge() =>
        BadRequest("The answer would be too large. Ask for fewer texts at a time.", null, "answer_too_large", StatusCodes.Status413PayloadTooLarge);

    public static Failure Internal() =>
        Ours(StatusCodes.Status500InternalServerError, new OpenAiError("Something went wrong inside the appliance; its log knows more under this request id.", ServerType, null, "internal_error"));

    public static Failure NoSuchPath(string path) => Ours(StatusCodes.Status404NotFound, new OpenAiError($"There is no {path} here.", BadRequestType, null, "unknown_url"));

    public static Failure WrongMethod(string path, string allowed) =>
        Ours(StatusCodes.Status405MethodNotAllowed, new OpenAiError($"{path} takes {allowed}.", BadRequestType, null, "method_not_allowed"));

    /// <summary>What the web server refuses while a body is read: too large, too slow, cut short.</summary>
    public static Failure Of(BadHttpRequestException error) => error switch
    {
        BadFormException => BadRequest(error.Message, null, "invalid_form"),
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => BadRequest("The request is too large.", null, "request_too_large", error.StatusCode),
        { StatusCode: StatusCodes.Status408RequestTimeout } => BadRequest("The request came in too slowly.", null, "request_timeout", error.StatusCode),
        _ => BadRequest("The request is not well formed.", null, "bad_request", error.StatusCode),
    };

    private static Failure ModelNotFound(string sentence, ImmutableArray<string> known) => Ours(StatusCodes.Status404NotFound, new OpenAiError(
        $"{sentence} {(known.IsEmpty ? "No model answers this kind of request now." : $"What answers now: {string.Join(", ", known)}.")}",
        BadRequestType,
        "model",
        "model_not_found"), fault: RequestFault.UnknownModel);

    private static string Word(UpstreamTask task) => task switch
    {
        UpstreamTask.Chat => "chat",
        UpstreamTask.Embeddings => "embeddings",
        UpstreamTask.Transcription => "speech to text",
        UpstreamTask.Speech => "text to speech",
        _ => throw new UnreachableException(),
    };

    private static RequestFault UsualFault(int status, bool isTheirs) => status switch
    {
        < StatusCodes.Status500InternalServerError => isTheirs ? RequestFault.UpstreamRefused : RequestFault.BadRequest,
        _ when isTheirs => RequestFault.UpstreamFailed,
        StatusCodes.Status503ServiceUnavailable => RequestFault.ModelDown,
        _ => RequestFault.Internal,
    };

    private static Failure Theirs(int status, OpenAiError error, RequestFault fault) => new(status, ErrorEnvelope.Theirs(error)) { Fault = fault };

    private static Failure Ours(int status, OpenAiError error, TimeSpan? retryAfter = null, RequestFault? fault = null) => new(status, ErrorEnvelope.Ours(error))
    {
        RetryAfter = retryAfter,
        Fault = fault ?? UsualFault(status, isTheirs: false),
    };
}
