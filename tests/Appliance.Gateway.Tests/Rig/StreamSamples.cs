using Appliance.Gateway.Forwarding;

namespace Appliance.Gateway.Tests.Rig;

/// <summary>Short streams of every dialect, event by event.</summary>
internal static class StreamSamples
{
    public static string[] Ends { get; } = ["[DONE]", "response.completed", "message_stop"];

    public static string[] Whole(StreamEnd end) => end switch
    {
        StreamEnd.ResponseEvent =>
        [
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"é🎈\"}\n\n",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{}}\n\n",
        ],
        StreamEnd.MessageStop =>
        [
            "event: message_start\ndata: {\"type\":\"message_start\"}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"é🎈\"}}\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        ],
        StreamEnd.Done => ["data: {\"choices\":[{\"delta\":{\"content\":\"é🎈\"}}]}\n\n", "data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"],
        _ => ["data: {\"delta\":\"é🎈\"}\n\n", ": a comment\n\n", "data: {\"last\":true}\n\n"],
    };
}
