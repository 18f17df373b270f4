using System.IO.Pipelines;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Measuring;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Exchanges;

/// <summary>Writes the answer of an exchange.</summary>
internal static class ExchangeAnswers
{
    /// <summary>The answer is JSON of so many bytes, or of an unknown number.</summary>
    public static PipeWriter Begin(HttpContext context, long? length)
    {
        RequestFacts.Of(context)?.AnswerBegins(isStreamed: false, tellsUsage: true);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = length;
        return context.Response.BodyWriter;
    }

    /// <summary>What the upstream said, as it said it.</summary>
    public static async Task WriteAsync(HttpContext context, PooledBody body)
    {
        var output = Begin(context, body.Length);
        foreach (var piece in body.AsSequence())
        {
            RequestFacts.Of(context)?.Pass(piece.Span);
            await output.WriteAsync(piece, context.RequestAborted);
        }
    }
}
