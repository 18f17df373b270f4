using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.OpenAi;

/// <summary>Writes an error as an answer, or as the last event of a stream.</summary>
internal static class FailureWriter
{
    /// <summary>Replaces whatever was prepared for the answer. Nothing may have been sent yet.</summary>
    public static async Task WriteAsync(HttpContext context, Failure failure)
    {
        var response = context.Response;
        response.StatusCode = failure.Status;
        response.ContentType = "application/json";
        response.ContentLength = null;
        response.Headers.Remove("Content-Encoding");
        if (failure.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(Serialize(failure.Body), context.RequestAborted);
    }

    /// <summary>One server-sent event. OpenAI clients raise an exception on an event with an <c>error</c>.</summary>
    public static byte[] ToEvent(ErrorEnvelope error) => [.. "data: "u8, .. Serialize(error), .. "\n\n"u8];

    public static byte[] Serialize(ErrorEnvelope error) => JsonSerializer.SerializeToUtf8Bytes(error, OpenAiJson.Default.ErrorEnvelope);
}
