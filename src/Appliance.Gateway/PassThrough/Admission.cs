using Appliance.Cluster.Routing;
using Appliance.Gateway.Limits;

namespace Appliance.Gateway.PassThrough;

/// <summary>The right to send a request to its server. Dispose it when the answer is out.</summary>
/// <param name="Upstream">The server.</param>
/// <param name="Turn">Its turn there; null for a tunnel, which may stay open for hours.</param>
/// <param name="Lease">By which a drain sees it.</param>
/// <param name="Interest">Its wish for the model, if it had to be loaded.</param>
internal sealed record Admission(Upstream Upstream, Turn? Turn, TrafficLease Lease, ModelInterest? Interest) : IDisposable
{
    public void Dispose()
    {
        Lease.Dispose();
        Turn?.Dispose();
        Interest?.Dispose();
    }
}
