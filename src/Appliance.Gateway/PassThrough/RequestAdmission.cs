using System.Diagnostics;
using Appliance.Cluster.Routing;
using Appliance.Cluster.Settings;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Holding;
using Appliance.Gateway.Limits;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.PassThrough;

/// <summary>
/// Finds the server for a request and waits for it as long as the owner allows: for its model to be loaded, and for its turn. A stream that has to wait is
/// begun meanwhile, so that its caller sees comments instead of silence.
/// </summary>
internal sealed class RequestAdmission(
    IUpstreams upstreams,
    GatewayTraffic traffic,
    HoldRoom holds,
    UpstreamTurns turns,
    UpstreamCircuits circuits,
    IModelWishes wishes,
    ISettings settings,
    TimeProvider time)
{
    /// <summary>A turn that comes sooner than this leaves the answer's status to the server.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(5);

    /// <summary>Beyond the time after which a caller was told to come back.</summary>
    private static readonly TimeSpan ComingBack = TimeSpan.FromSeconds(30);

    /// <summary>The right to send the request, or why not. Throws <see cref="OperationCanceledException"/> when the caller left.</summary>
    public async ValueTask<(Admission? Admission, Failure? Refusal)> AdmitAsync(HttpContext context, PassThroughRoute route, ReceivedRequest request)
    {
        var hold = TimeSpan.FromSeconds(settings.Get(HoldSettings.Seconds));
        ModelInterest? interest = null;
        try
        {
            while (true)
            {
                Failure? refusal;
                switch (upstreams.Find(request.Model, route.Task))
                {
                    case UpstreamMatch.Serving(var upstream):
                        (var admission, refusal) = await TakeTurnAsync(context, route, request, upstream, interest);
                        if (admission is not null)
                        {
                            interest = null;
                            return (admission, null);
                        }

                        break;
                    case UpstreamMatch.Loading(var upstream):
                        var began = time.GetTimestamp();
                        refusal = await HoldAsync(context, route, request, upstream, hold);
                        var waited = time.GetElapsedTime(began);
                        hold -= waited;
                        RequestFacts.Of(context)?.WaitedForModel += waited;
                        interest?.ComesBackWithin((refusal?.RetryAfter ?? TimeSpan.Zero) + ComingBack);
                        break;
                    case UpstreamMatch.Unavailable { Wanted: { } wanted } when interest is null && settings.Get(HoldSettings.AutoSwap):
                        refusal = null;
                        switch (await wishes.WantAsync(wanted, context.RequestAborted))
                        {
                            case WishOutcome.Joined joined:
                                interest = joined.Interest;
                                break;
                            case WishOutcome.Refused refused:
                                refusal = Failure.NotSwapped(refused);
                                break;
                        }

                        break;
                    case UpstreamMatch.Unavailable(var reason):
                        refusal = Failure.Unavailable(reason);
                        break;
                    case UpstreamMatch.Unknown unknown:
                        refusal = Failure.UnknownModel(request.Model ?? BuiltInAlias.Default, unknown);
                        break;
                    default:
                        throw new UnreachableException();
                }

                if (refusal is not null)
                {
                    return (null, refusal);
                }
            }
        }
        finally
        {
            interest?.Dispose();
        }
    }

    /// <summary>Null after the wait, whatever became of the model: it is looked up again.</summary>
    private async Task<Failure?> HoldAsync(HttpContext context, PassThroughRoute route, ReceivedRequest request, Upstream loading, TimeSpan limit)
    {
        if (limit <= TimeSpan.Zero)
        {
            return Failure.Loading(loading);
        }

        using var place = holds.TryEnter(request.Model, route.Task, request.BytesHeld);
        if (place is null)
        {
            return Failure.HoldIsFull(loading);
        }

        using var waiting = traffic.Wait(loading.Id);
        await BeginStreamAsync(context, route, request, $"waiting: {loading.Reason}");
        return await place.WaitAsync(limit, context.RequestAborted)
            ? null
            : Failure.Loading(upstreams.Find(request.Model, route.Task) is UpstreamMatch.Loading(var still) ? still : loading);
    }

    /// <summary>Neither an admission nor a refusal when the model was exchanged meanwhile: it is looked up again.</summary>
    private async ValueTask<(Admission? Admission, Failure? Refusal)> TakeTurnAsync(
        HttpContext context, PassThroughRoute route, ReceivedRequest request, Upstream upstream, ModelInterest? interest)
    {
        if (circuits.FindPause(upstream) is { } pause)
        {
            return (null, Failure.Unreachable(upstream, pause));
        }

        var outcome = route.IsTunnel ? null : await WaitForTurnAsync(context, route, request, upstream);
        var turn = (outcome as TurnOutcome.Taken)?.Turn;
        if (outcome is not null && turn is null)
        {
            return (null, outcome switch
            {
                TurnOutcome.Full(var retryAfter) => Failure.QueueIsFull(upstream, retryAfter),
                TurnOutcome.TooLate(var retryAfter) => Failure.TurnDidNotCome(upstream, retryAfter),
                _ => throw new UnreachableException(),
            });
        }

        // Counted first, then asked again: a drain that began in between sees this request, or this request sees the drain.
        var admission = new Admission(upstream, turn, traffic.Begin(upstream.Id), interest);
        if (upstreams.Find(request.Model, route.Task) is UpstreamMatch.Serving(var still) && still.Id == upstream.Id && still.ServedName == upstream.ServedName)
        {
            return (admission, null);
        }

        (admission with { Interest = null }).Dispose();
        return (null, null);
    }

    private async ValueTask<TurnOutcome> WaitForTurnAsync(HttpContext context, PassThroughRoute route, ReceivedRequest request, Upstream upstream)
    {
        var taking = turns.TakeAsync(upstream, context.Connection.RemoteIpAddress?.ToString() ?? string.Empty, context.RequestAborted);
        if (taking.IsCompleted)
        {
            return await taking;
        }

        using var waiting = traffic.Wait(upstream.Id);
        var began = time.GetTimestamp();
        var turn = taking.AsTask();
        try
        {
            await Task.WhenAny(turn, Task.Delay(ShortWait, time, context.RequestAborted));
            if (!turn.IsCompleted)
            {
                await BeginStreamAsync(context, route, request, "waiting: other requests come first");
            }
        }
        catch (Exception)
        {
            // It may have come in the same moment.
            ((await turn) as TurnOutcome.Taken)?.Turn.Dispose();
            throw;
        }

        var outcome = await turn;
        RequestFacts.Of(context)?.WaitedForTurn += time.GetElapsedTime(began);
        return outcome;
    }

    private Task BeginStreamAsync(HttpContext context, PassThroughRoute route, ReceivedRequest request, string comment) =>
        request.WantsStream && route.StreamEnd != StreamEnd.Unmarked && EarlyStream.Of(context) is null
            ? EarlyStream.BeginAsync(context, route, time, comment)
            : Task.CompletedTask;
}
