using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.PassThrough;

/// <summary>A request whose JSON was read to its end.</summary>
/// <param name="model">The model it asks for.</param>
/// <param name="place">Where the model's name goes.</param>
/// <param name="wantsStream">Whether it asks for the answer as a stream of events.</param>
/// <param name="body">The bytes.</param>
/// <param name="share">Its share of the memory.</param>
internal sealed class WholeRequest(string? model, ModelPlace place, bool wantsStream, PooledBody body, IDisposable share) : ReceivedRequest(model, wantsStream)
{
    public override long BytesHeld => body.Length;

    public override OutgoingBody ForUpstream(string servedName)
    {
        var isUnchanged = servedName.Length == 0 || servedName == Model;
        return isUnchanged
            ? new SplicedBodyStream(body.AsSequence(), default, ReadOnlyMemory<byte>.Empty, body, share)
            : new SplicedBodyStream(body.AsSequence(), place, ModelName.BytesFor(place, servedName), body, share);
    }

    public override void Dispose()
    {
        body.Dispose();
        share.Dispose();
    }
}
