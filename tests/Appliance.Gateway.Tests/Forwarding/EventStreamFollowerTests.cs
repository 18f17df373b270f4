using System.Text;
using Appliance.Gateway.Forwarding;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Forwarding;

public sealed class EventStreamFollowerTests
{
    [Theory]
    [InlineData(StreamEnd.Done, "", true, false, 0)]
    [InlineData(StreamEnd.Done, "data: x\n\n", true, false, 1)]
    [InlineData(StreamEnd.Done, "data: x\r\n\r\n", true, false, 1)]
    [InlineData(StreamEnd.Done, "data: x\r\rdata: y\r\r", true, false, 2)]
    [InlineData(StreamEnd.Done, "data: x\n", false, false, 0)]
    [InlineData(StreamEnd.Done, "data: x", false, false, 0)]
    [InlineData(StreamEnd.Done, ": only a comment\n\n", true, false, 0)]
    [InlineData(StreamEnd.Done, "data: a long line that is longer than the beginning that is kept\n\ndata: [DONE]\n\n", true, true, 2)]
    [InlineData(StreamEnd.Done, "data: [DONE]", false, true, 0)]
    [InlineData(StreamEnd.Done, "data:[DONE]\r\n\r\n", true, true, 1)]
    [InlineData(StreamEnd.Done, "data: [DONE] \n", false, true, 0)]
    [InlineData(StreamEnd.Done, "data: [DO", false, false, 0)]
    [InlineData(StreamEnd.Done, "data: [DONE]\n\n: a comment is no event\n\n", true, true, 1)]
    [InlineData(StreamEnd.Done, "data: [DONE]\n\ndata: more\n\n", true, false, 2)]
    [InlineData(StreamEnd.Done, "data: [DONE]\n\ndata: mo", false, false, 1)]
    [InlineData(StreamEnd.Done, "data: \"data: [DONE]\"\n\n", true, false, 1)]
    [InlineData(StreamEnd.Unmarked, "data: [DONE]\n\n", true, false, 1)]
    [InlineData(StreamEnd.ResponseEvent, "event: response.created\ndata: {}\n\nevent: response.completed\ndata: {\"much\":1}\n\n", true, true, 2)]
    [InlineData(StreamEnd.ResponseEvent, "event: response.completed\ndata: {\"mu", false, false, 0)]
    [InlineData(StreamEnd.ResponseEvent, "event: response.completed\ndata: {}\n", false, false, 0)]
    [InlineData(StreamEnd.ResponseEvent, "event:response.failed\r\ndata: {}\r\n\r\n", true, true, 1)]
    [InlineData(StreamEnd.ResponseEvent, "event: response.incomplete\ndata: {}\n\n", true, true, 1)]
    [InlineData(StreamEnd.ResponseEvent, "event: response.completed\ndata: {}\n\ndata: [DONE]\n\n", true, true, 2)]
    [InlineData(StreamEnd.ResponseEvent, "event: response.output_text.delta\ndata: {\"delta\":\"event: response.completed\"}\n\n", true, false, 1)]
    [InlineData(StreamEnd.MessageStop, "event: message_delta\ndata: {}\n\nevent: message_stop\ndata: {}\n\n", true, true, 2)]
    [InlineData(StreamEnd.MessageStop, "event: error\ndata: {}\n\n", true, true, 1)]
    [InlineData(StreamEnd.MessageStop, "event: message_stop_not\ndata: {}\n\n", true, false, 1)]
    internal void Follower_knows_where_the_stream_stands_however_it_came(StreamEnd end, string text, bool isAtBoundary, bool hasEnded, int events)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= bytes.Length + 1; size++)
        {
            var follower = new EventStreamFollower(end);
            foreach (var piece in bytes.Chunk(size))
            {
                follower.Add(piece);
            }

            follower.IsAtBoundary.ShouldBe(isAtBoundary, $"pieces of {size}");
            follower.HasEnded.ShouldBe(hasEnded, $"pieces of {size}");
            follower.Events.ShouldBe(events, $"pieces of {size}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: [DONE]")]
    [InlineData("data: [DONE]\n")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("data: [DONE]\r")]
    [InlineData("data: [DONE]\r\n")]
    [InlineData("data: [DONE]\r\n\r")]
    [InlineData("data: [DONE]\r\n\r\n")]
    [InlineData("data: [DONE]\n\n: a comm")]
    public void Missing_end_closes_the_last_event_and_opens_none(string text)
    {
        var follower = new EventStreamFollower(StreamEnd.Done);
        follower.Add(Encoding.UTF8.GetBytes(text));
        var isWhole = follower.IsAtBoundary;

        var missing = follower.MissingEnd;

        missing.IsEmpty.ShouldBe(isWhole);
        follower.Add(missing);
        follower.IsAtBoundary.ShouldBeTrue();
        follower.Events.ShouldBe(text.Length == 0 ? 0 : 1);
        follower.HasEnded.ShouldBe(text.Length > 0);
    }
}
