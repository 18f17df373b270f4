using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Limits;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Exchanges;

/// <summary>What holds for every call that one request makes.</summary>
/// <param name="RequestId">The id that goes with it.</param>
/// <param name="Patience">How long the upstream may take for its first byte, and then for all others.</param>
/// <param name="Turn">The request's turn at the server, which learns how long an answer took; null for a call that says nothing about that.</param>
/// <param name="Aborted">The caller left.</param>
/// <param name="Cut">The model is changed.</param>
internal sealed record CallTerms(string RequestId, TimeSpan Patience, Turn? Turn, CancellationToken Aborted, CancellationToken Cut)
{
    /// <summary>Those of a request that was admitted.</summary>
    public static CallTerms Of(HttpContext context, PassThroughRoute route, Admission admission) =>
        new(RequestIds.Of(context), route.FirstByte, admission.Turn, context.RequestAborted, admission.Lease.Cut);
}
