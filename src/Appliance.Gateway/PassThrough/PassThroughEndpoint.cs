using Appliance.Gateway.Exchanges;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.PassThrough;

/// <summary>Request in, upstream out: the one way of every row of <see cref="PassThroughTable"/>.</summary>
internal sealed class PassThroughEndpoint(RequestReader reader, RequestAdmission admissions, UpstreamExchanges exchanges)
{
    public async Task HandleAsync(HttpContext context, PassThroughRoute route)
    {
        // 1. The whole body: its last byte may be the one that forbids it.
        var (request, refusal) = await reader.ReadAsync(context, route);
        if (request is null)
        {
            await FailureWriter.WriteAsync(context, refusal!);
            return;
        }

        using (request)
        {
            try
            {
                // 2. Who answers, and when it is this request's turn.
                (var admission, refusal) = await admissions.AdmitAsync(context, route, request);
                using (admission)
                {
                    // 3. Off it goes.
                    await (admission is null ? FailureWriter.WriteAsync(context, refusal!) : exchanges.SendAsync(context, route, admission, request));
                }
            }
            finally
            {
                EarlyStream.Of(context)?.Dispose();
            }
        }

        if (EarlyStream.Of(context) is { HasFailed: true })
        {
            throw new UpstreamCutException();
        }
    }
}
