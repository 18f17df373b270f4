using System.Text.Json;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Measuring;
using Appliance.Gateway.PassThrough;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.OpenAi;

/// <summary>Writes an error as an answer, in the dialect of its route.</summary>
internal static class FailureWriter
{
    /// <summary>Replaces whatever was prepared for the answer. Nothing may have been sent yet, except the beginning of an <see cref="EarlyStream"/>, which ends with it.</summary>
    public static Task WriteAsync(HttpContext context, Failure failure) =>
        WriteAsync(context, failure, context.GetEndpoint()?.Metadata.GetMetadata<PassThroughRoute>()?.Errors ?? ErrorDialect.OpenAi);

    public static async Task WriteAsync(HttpContext context, Failure failure, ErrorDialect dialect)
    {
        RequestFacts.Of(context)?.Fault = failure.Fault;
        if (EarlyStream.Of(context) is { } early)
        {
            await early.FailAsync(failure);
            return;
        }

        var response = context.Response;
        response.StatusCode = failure.Status;
        response.ContentType = "application/json";
        response.Headers.Remove("Content-Encoding");
        if (failure.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var body = Serialize(failure.Body, dialect, failure.Status);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static byte[] Serialize(ErrorEnvelope error, ErrorDialect dialect, int status) => dialect switch
    {
        ErrorDialect.Anthropic => JsonSerializer.SerializeToUtf8Bytes(MessagesError.Of(error, status), OpenAiJson.Readable.MessagesError),
        _ => Serialize(error),
    };

    public static byte[] Serialize(ErrorEnvelope error) => JsonSerializer.SerializeToUtf8Bytes(error, OpenAiJson.Readable.ErrorEnvelope);
}
