using System.Net;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>The upstream's body, read through an <see cref="EventStreamReader"/>.</summary>
internal sealed class EventStreamContent(HttpContent inner, HttpContext context, UpstreamTransformer transformer, PassThroughRoute route) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(context.RequestAborted);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new EventStreamReader(await inner.ReadAsStreamAsync(cancellationToken), context, transformer, route);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("The forwarder reads this content; nobody sends it.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
