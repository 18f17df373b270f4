using System.Runtime.CompilerServices;
using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.Measuring;

/// <summary>Reads through, byte for byte, and lets the facts of the request see the pieces.</summary>
internal sealed class MeasuredStream(Stream inner, RequestFacts facts) : OneWayStream
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (read > 0)
        {
            facts.Pass(buffer.Span[..read]);
        }

        return read;
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
