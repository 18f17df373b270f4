using System.Text;
using Appliance.Gateway.Forwarding;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Forwarding;

public sealed class StreamTailTests
{
    [Theory]
    [InlineData("", true, false)]
    [InlineData("data: x\n\n", true, false)]
    [InlineData("data: x\r\n\r\n", true, false)]
    [InlineData("data: x\n", false, false)]
    [InlineData("data: x", false, false)]
    [InlineData("data: a long line that is longer than the tail\n\ndata: [DONE]\n\n", true, true)]
    [InlineData("data: [DONE]", false, true)]
    [InlineData("data:[DONE]\r\n\r\n", true, true)]
    [InlineData("data: [DONE]\n\n: more than nothing came after it\n\n", true, false)]
    public void Tail_knows_where_the_stream_stands_however_it_came(string text, bool isAtBoundary, bool isDone)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= bytes.Length + 1; size++)
        {
            var tail = new StreamTail();
            foreach (var piece in bytes.Chunk(size))
            {
                tail.Add(piece);
            }

            tail.IsAtBoundary.ShouldBe(isAtBoundary, $"pieces of {size}");
            tail.IsDone.ShouldBe(isDone, $"pieces of {size}");
        }
    }
}
