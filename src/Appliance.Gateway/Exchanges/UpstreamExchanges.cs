using System.Diagnostics;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Exchanges;

/// <summary>Sends a request that was matched to its upstream in the way that its row says.</summary>
internal sealed class UpstreamExchanges(UpstreamForwarder forwarder, EmbeddingsExchange embeddings, RerankExchange rerank)
{
    /// <param name="context">The caller.</param>
    /// <param name="route">The row.</param>
    /// <param name="admission">Who answers, and by what right it is asked.</param>
    /// <param name="request">The request, which is given back when it was sent.</param>
    public Task SendAsync(HttpContext context, PassThroughRoute route, Admission admission, ReceivedRequest request) => route.Exchange switch
    {
        RouteExchange.Forward => forwarder.SendAsync(context, route, admission, request),
        RouteExchange.Embeddings => embeddings.SendAsync(context, route, admission, (WholeRequest)request),
        RouteExchange.Rerank or RouteExchange.Score => rerank.SendAsync(context, route, admission, (WholeRequest)request),
        _ => throw new UnreachableException(),
    };
}
