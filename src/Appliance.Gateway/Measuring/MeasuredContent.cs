using System.Net;

namespace Appliance.Gateway.Measuring;

/// <summary>The upstream's body, measured while it passes.</summary>
internal sealed class MeasuredContent(HttpContent inner, RequestFacts facts) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new MeasuredStream(await inner.ReadAsStreamAsync(cancellationToken), facts);

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
