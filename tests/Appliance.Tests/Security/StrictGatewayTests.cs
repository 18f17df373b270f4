using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Security;

/// <summary>T-30 on the gateway's paths: framing that two readers could understand differently, heads without measure, and bodies that do not come.</summary>
[Collection(ApplianceTests.Name)]
public sealed class StrictGatewayTests(ApplianceRun appliance)
{
    private string Us => appliance.Address.Authority;

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/audio/transcriptions")]
    [InlineData("/rerank")]
    [InlineData("/v1/no-such-path")]
    public async Task Length_stated_twice_is_refused_in_the_dialect(string path)
    {
        var answer = await SendAsync($"POST {path} HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: {Us}\r\n\r\n");

        answer.Status.ShouldBe(400);
        answer.Body.ShouldContain("\"code\":\"ambiguous_length\"");
        answer.Body.ShouldContain("\"error\":{");
        answer.Header("Connection").ShouldBe("close");
    }

    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 3", 400)]
    [InlineData("Content-Length: -2", 400)]
    [InlineData("Content-Length: 0x2", 400)]
    [InlineData("Transfer-Encoding: identity", 400)]
    [InlineData("Transfer-Encoding: chunked, gzip", 400)]
    [InlineData("Transfer-Encoding: xchunked", 400)]
    [InlineData("Content-Length : 2", 400)]
    [InlineData("X-Folded: a\r\n b\r\nContent-Length: 2", 400)]
    public async Task Framing_that_is_not_plain_is_refused(string headers, int status)
    {
        (await SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{{}}")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Head_without_measure_is_refused()
    {
        (await SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: {Us}\r\nX-Large: {new string('x', 70_000)}\r\n\r\n")).Status.ShouldBe(431);
        (await SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: {Us}\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"x-{i}: 1\r\n"))}\r\n")).Status.ShouldBe(431);
        (await SendAsync($"GET /v1/audio/voices?model={new string('x', 20_000)} HTTP/1.1\r\nHost: {Us}\r\n\r\n")).Status.ShouldBe(414);
    }

    [Fact]
    public async Task Body_that_does_not_come_and_head_that_does_not_end_are_given_up_after_seconds()
    {
        var body = SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{{\"model\":");
        var head = SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: ");

        var slow = await body;
        slow.Status.ShouldBe(408);
        slow.Body.ShouldContain("\"code\":\"request_timeout\"");
        (await head).Status.ShouldBe(408);
    }

    [Theory]
    [InlineData("Origin: http://evil.example", true)]
    [InlineData("Sec-Fetch-Site: cross-site", true)]
    [InlineData("Origin: null", true)]
    [InlineData("X-Program: yes", false)]
    public async Task T09_Page_of_another_site_opens_no_realtime_session(string header, bool isRefused)
    {
        var answer = await SendAsync(
            $"GET /v1/realtime?model=default HTTP/1.1\r\nHost: {Us}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{header}\r\n\r\n");

        (answer.Status == 403).ShouldBe(isRefused);
        answer.Status.ShouldNotBeOneOf([400, 404, 500]);
    }

    private Task<RawAnswer> SendAsync(string text) => RawHttp.SendAsync(appliance.Address, text);
}
