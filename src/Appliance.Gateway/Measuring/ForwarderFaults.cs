using Appliance.Cluster.Metrics;
using Yarp.ReverseProxy.Forwarder;

namespace Appliance.Gateway.Measuring;

/// <summary>The forwarder's word for what failed, in ours. "Destination" is the model server there, "client" the caller.</summary>
internal static class ForwarderFaults
{
    /// <param name="error">The forwarder's word.</param>
    /// <param name="answerHadBegun">Whether the caller had got a part of the answer.</param>
    public static RequestFault Of(ForwarderError error, bool answerHadBegun) => error switch
    {
        ForwarderError.None => RequestFault.None,
        ForwarderError.RequestTimedOut => RequestFault.UpstreamSilent,
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled => RequestFault.CallerLeftWaiting,
        ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyCanceled => RequestFault.CallerLeftReading,
        ForwarderError.ResponseBodyDestination => RequestFault.UpstreamCut,
        _ => answerHadBegun ? RequestFault.UpstreamCut : RequestFault.UpstreamBroke,
    };
}
