using System.Buffers;
using System.Text;
using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forwarding;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Forwarding;

public sealed class JoinedBodyTests
{
    [Fact]
    public async Task Small_body_goes_out_in_one_write_with_the_head_of_its_request()
    {
        var connection = new OneAnswer();
        using var client = new HttpMessageInvoker(new JoinedBodyHandler(new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(connection) }));
        await using var body = new SplicedBodyStream(new ReadOnlySequence<byte>("{\"model\":\"old\",\"n\":1}"u8.ToArray()), [new BodyEdit(9, 5, "\"new\""u8.ToArray())]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://192.0.2.1/v1/chat/completions") { Content = new ByteArrayContent([]) };
        body.IsAtHand.ShouldBeTrue();

        var joined = JoinedBodyHandler.Join(request, body);
        joined.Headers.ContentLength = body.TotalLength;
        joined.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        using var answer = await client.SendAsync(request, CancellationToken.None).DefaultTimeout();

        connection.Written.ShouldHaveSingleItem().ShouldBe(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Length: 21\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{\"model\":\"new\",\"n\":1}");
    }

    [Fact]
    public async Task Large_body_is_left_to_the_forwarder_which_counts_its_time()
    {
        await using var body = new SplicedBodyStream(new ReadOnlySequence<byte>(new byte[PooledBody.PieceSize + 1]), []);

        body.IsAtHand.ShouldBeFalse();
    }

    /// <summary>A server that answers the first write, and remembers every one.</summary>
    private sealed class OneAnswer : MemoryStream
    {
        private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Written { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written.Add(Encoding.UTF8.GetString(buffer.Span));
            _asked.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _asked.Task.WaitAsync(cancellationToken);
            Answer.CopyTo(buffer);
            return Answer.Length;
        }
    }
}
