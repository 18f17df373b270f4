using System.Diagnostics;
using Appliance.Cluster.Settings;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forms;
using Appliance.Gateway.Images;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Appliance.Gateway.PassThrough;

/// <summary>Takes a request in: checks how it is wrapped, and reads as much of it as its row needs to find the model.</summary>
internal sealed class RequestReader(BodyBudget budget, ImageInliner pictures, ISettings settings)
{
    /// <summary>The request, or why it is refused. Throws <see cref="BadHttpRequestException"/> for what the web server refuses while reading.</summary>
    public async ValueTask<(ReceivedRequest? Request, Failure? Refusal)> ReadAsync(HttpContext context, PassThroughRoute route)
    {
        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            return (null, Failure.BadRequest("Compressed requests are not accepted.", null, "unsupported_encoding", StatusCodes.Status415UnsupportedMediaType));
        }

        var limit = route.FindBodyLimit(settings);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        if (context.Request.ContentLength > limit)
        {
            return (null, Failure.Of(new BadHttpRequestException(string.Empty, StatusCodes.Status413PayloadTooLarge)));
        }

        return route.ModelName switch
        {
            ModelNamePlace.JsonBody => await ReadJsonAsync(context, route, limit),
            ModelNamePlace.Form => await ReadFormAsync(context),
            ModelNamePlace.Query => (new BareRequest(context.Request.Query["model"] is [{ Length: > 0 } model] ? model : null), null),
            _ => throw new UnreachableException(),
        };
    }

    private async ValueTask<(ReceivedRequest? Request, Failure? Refusal)> ReadJsonAsync(HttpContext context, PassThroughRoute route, long limit)
    {
        if (!IsJson(context.Request))
        {
            return (null, Failure.WrongType("application/json"));
        }

        return await budget.TakeAsync(context.Request.ContentLength, limit, context.RequestAborted) is { } share
            ? await ReadJsonAsync(context, route, limit, share)
            : (null, Failure.Overloaded());
    }

    private async ValueTask<(ReceivedRequest? Request, Failure? Refusal)> ReadJsonAsync(HttpContext context, PassThroughRoute route, long limit, IDisposable share)
    {
        PooledBody? body = null;
        var isHandedOver = false;
        try
        {
            body = await PooledBody.ReadAsync(context.Request.Body, context.Request.ContentLength, limit, context.RequestAborted);
            var scan = BodyScanner.Scan(body.AsSequence(), route.Media, route.FetchesPictures && settings.Get(GatewaySettings.FetchImages));
            if (scan is BodyScan.Bad bad)
            {
                return (null, Failure.BadRequest(bad.Message, bad.Param, bad.Code));
            }

            var good = (BodyScan.Good)scan;
            var fetched = await pictures.FetchAsync(good.Pictures, context.RequestAborted);
            if (fetched.Refusal is not null)
            {
                return (null, fetched.Refusal);
            }

            isHandedOver = true;
            return (new WholeRequest(good.Model, good.Place, good.WantsStream, body, share) { Pictures = fetched.Edits, PicturesShare = fetched.Share }, null);
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

    /// <summary>What nearly everybody sends is known at a glance; only another spelling is taken apart.</summary>
    private static bool IsJson(HttpRequest request) => request.ContentType is "application/json" or "application/json; charset=utf-8" || request.HasJsonContentType();

    private static async ValueTask<(ReceivedRequest? Request, Failure? Refusal)> ReadFormAsync(HttpContext context)
    {
        if (FormBoundary.Find(context.Request.ContentType) is not { } boundary)
        {
            return (null, Failure.WrongType("multipart/form-data"));
        }

        var form = new FormBody(context.Request.Body, boundary, context.Request.ContentLength);
        await form.ReadHeadAsync(context.RequestAborted);
        return (new FormRequest(form), null);
    }
}
