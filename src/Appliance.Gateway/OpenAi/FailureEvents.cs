using System.Text.Json;
using Appliance.Gateway.Forwarding;

namespace Appliance.Gateway.OpenAi;

/// <summary>The last event of a stream that broke, in the form in which the stream's clients raise an exception. Pure.</summary>
internal static class FailureEvents
{
    /// <param name="end">How the stream would have ended, which tells its dialect.</param>
    /// <param name="error">What happened.</param>
    /// <param name="position">How many events went before: the Responses API numbers its events.</param>
    public static byte[] Make(StreamEnd end, ErrorEnvelope error, int position) => end switch
    {
        StreamEnd.MessageStop => [.. "event: error\ndata: "u8, .. FailureWriter.Serialize(error, ErrorDialect.Anthropic, status: 500), .. "\n\n"u8],
        StreamEnd.ResponseEvent => [.. "event: error\ndata: "u8, .. Typed(error, position), .. "\n\n"u8],
        _ => [.. "data: "u8, .. FailureWriter.Serialize(error), .. "\n\n"u8],
    };

    /// <summary>The flat event of the Responses API, and the object that every other client looks for.</summary>
    private static byte[] Typed(ErrorEnvelope error, int position) => JsonSerializer.SerializeToUtf8Bytes(
        new TypedErrorEvent(error.Error.Code, error.Error.Message, error.Error.Param, position, error.Error, error.Src), OpenAiJson.Readable.TypedErrorEvent);
}
