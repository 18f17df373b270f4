using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.PassThrough;

/// <summary>A request of which all is known that is needed to choose its upstream. Dispose it, or the body that <see cref="ForUpstream"/> made of it.</summary>
/// <param name="model">The model it asks for, as written; null when it asks for none.</param>
/// <param name="wantsStream">Whether it asks for the answer as a stream of events.</param>
internal abstract class ReceivedRequest(string? model, bool wantsStream = false) : IDisposable
{
    public string? Model => model;

    public bool WantsStream => wantsStream;

    /// <summary>The memory that it takes while it waits.</summary>
    public virtual long BytesHeld => 0;

    /// <summary>The body as the upstream is to get it. Call it once.</summary>
    /// <param name="servedName">The upstream's own name for its model; empty when we do not know it, then the request's is left.</param>
    public abstract OutgoingBody ForUpstream(string servedName);

    public abstract void Dispose();
}
