using System.Diagnostics;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Appliance.Gateway.PassThrough;

/// <summary>Takes a request in: checks how it is wrapped, waits for room, reads it whole and finds its model.</summary>
internal sealed class RequestReader(BodyBudget budget)
{
    /// <summary>The request, or why it is refused. Throws <see cref="BadHttpRequestException"/> for what the web server refuses while reading.</summary>
    public async Task<(ReceivedRequest? Request, Failure? Refusal)> ReadAsync(HttpContext context, PassThroughRoute route)
    {
        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            return (null, Failure.BadRequest("Compressed requests are not accepted.", null, "unsupported_encoding", StatusCodes.Status415UnsupportedMediaType));
        }

        if (route.ModelName == ModelNamePlace.JsonBody && !context.Request.HasJsonContentType())
        {
            return (null, Failure.BadRequest("The body must be sent as application/json.", null, "unsupported_media_type", StatusCodes.Status415UnsupportedMediaType));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = route.BodyLimit;
        }

        if (context.Request.ContentLength > route.BodyLimit)
        {
            return (null, Failure.Of(new BadHttpRequestException(string.Empty, StatusCodes.Status413PayloadTooLarge)));
        }

        return await budget.TakeAsync(context.Request.ContentLength, route.BodyLimit, context.RequestAborted) is { } share
            ? await ReadAsync(context, route, share)
            : (null, Failure.Overloaded());
    }

    private static async Task<(ReceivedRequest? Request, Failure? Refusal)> ReadAsync(HttpContext context, PassThroughRoute route, IDisposable share)
    {
        PooledBody? body = null;
        var isHandedOver = false;
        try
        {
            body = await PooledBody.ReadAsync(context.Request.Body, route.BodyLimit, context.RequestAborted);
            var scan = route.ModelName switch
            {
                ModelNamePlace.JsonBody => BodyScanner.Scan(body.AsSequence(), route.Media),
                _ => throw new UnreachableException(),
            };
            if (scan is BodyScan.Bad bad)
            {
                return (null, Failure.BadRequest(bad.Message, bad.Param, bad.Code));
            }

            var good = (BodyScan.Good)scan;
            isHandedOver = true;
            return (new ReceivedRequest(good.Model, good.Place, body, share), null);
        }
        finally
        {
            if (!isHandedOver)
            {
                body?.Dispose();
                share.Dispose();
            }
        }
    }
}
