using Appliance.Gateway.Bodies;

namespace Appliance.Gateway.PassThrough;

/// <summary>A request without a body.</summary>
internal sealed class BareRequest(string? model) : ReceivedRequest(model)
{
    public override OutgoingBody ForUpstream(string servedName) => new NoBody();

    public override void Dispose()
    {
    }
}
