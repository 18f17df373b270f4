using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.PassThrough;

/// <summary>A request that was read whole. Dispose it, or the stream that <see cref="ForUpstream"/> made of it.</summary>
/// <param name="Model">The model it asks for, as written; null when it asks for none.</param>
/// <param name="Place">Where the model's name goes.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Share">Its share of the memory.</param>
internal sealed record ReceivedRequest(string? Model, ModelPlace Place, PooledBody Body, IDisposable Share) : IDisposable
{
    /// <summary>The body as the upstream is to get it. A server whose own name for its model we do not know gets it unchanged.</summary>
    public SplicedBodyStream ForUpstream(string servedName)
    {
        var isUnchanged = servedName.Length == 0 || servedName == Model;
        return isUnchanged
            ? new SplicedBodyStream(Body.AsSequence(), default, ReadOnlyMemory<byte>.Empty, Body, Share)
            : new SplicedBodyStream(Body.AsSequence(), Place, ModelName.BytesFor(Place, servedName), Body, Share);
    }

    public void Dispose()
    {
        Body.Dispose();
        Share.Dispose();
    }
}
