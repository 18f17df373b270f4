using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Security;

/// <summary>T-30 and the measured traps of Kestrel: what two readers could understand differently is a 400 with a sentence.</summary>
[Collection(ApplianceTests.Name)]
public sealed class StrictHttpTests(ApplianceRun appliance)
{
    private string Us => appliance.Address.Authority;

    [Fact]
    public async Task Length_stated_twice_is_refused()
    {
        var answer = await SendAsync($"POST /api/swap HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");

        answer.Status.ShouldBe(400);
        answer.Body.ShouldContain("ambiguous_length");
        answer.Header("Connection").ShouldBe("close");
    }

    [Theory]
    [InlineData("1.1", "gzip, chunked")]
    [InlineData("1.1", "chunked, chunked")]
    [InlineData("1.1", "gzip\r\nTransfer-Encoding: chunked")]
    [InlineData("1.0", "chunked")]
    public async Task Other_codings_than_chunked_are_refused(string version, string coding)
    {
        foreach (var path in new[] { "/api/swap", "/v1/chat/completions" })
        {
            var answer = await SendAsync($"POST {path} HTTP/{version}\r\nHost: {Us}\r\nContent-Type: application/json\r\nTransfer-Encoding: {coding}\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");

            answer.Status.ShouldBe(400);
            answer.Body.ShouldContain("ambiguous_length");
            answer.Header("Connection").ShouldBe("close");
        }
    }

    [Theory]
    [InlineData("/api/status", "application/problem+json")]
    [InlineData("/v1/models", "application/json")]
    public async Task Long_address_and_large_headers_are_refused_in_the_words_of_the_path(string path, string type)
    {
        var enough = $"Host: {Us}\r\nConnection: close\r\n";
        (await SendAsync($"GET {path}?a={new string('x', 8_000)} HTTP/1.1\r\n{enough}Cookie: {new string('x', 32_000)}\r\n\r\n")).Status.ShouldBe(200);

        var answer = await SendAsync($"GET {path}?a={new string('x', 9_000)} HTTP/1.1\r\n{enough}\r\n");
        answer.Status.ShouldBe(414);
        answer.Header("Content-Type").ShouldNotBeNull().ShouldStartWith(type);
        answer.Body.ShouldContain("target_too_long");

        foreach (var headers in new[] { $"Cookie: {new string('x', 33_000)}\r\n", string.Concat(Enumerable.Range(0, 101).Select(i => $"x-{i}: 1\r\n")) })
        {
            answer = await SendAsync($"GET {path} HTTP/1.1\r\n{enough}{headers}\r\n");
            answer.Status.ShouldBe(431);
            answer.Header("Content-Type").ShouldNotBeNull().ShouldStartWith(type);
            answer.Body.ShouldContain("headers_too_large");
        }
    }

    [Theory]
    [InlineData("GET /api/status HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/status HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/status HTTP/1.0\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    public async Task Request_without_a_host_is_told_what_it_needs(string request)
    {
        var answer = await SendAsync(request);

        answer.Status.ShouldBe(400);
        answer.Body.ShouldContain("Host header");
    }

    [Fact]
    public async Task Two_hosts_or_none_get_nothing()
    {
        (await SendAsync($"GET /api/status HTTP/1.1\r\nHost: {Us}\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).Status.ShouldBe(400);
        (await SendAsync("GET /api/status HTTP/1.1\r\nConnection: close\r\n\r\n")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Absolute_target_of_another_host_is_refused()
    {
        (await SendAsync($"GET http://evil.example/api/status HTTP/1.1\r\nHost: {Us}\r\nConnection: close\r\n\r\n")).Status.ShouldBe(400);
        (await SendAsync($"GET http://{Us}/healthz HTTP/1.1\r\nHost: {Us}\r\nConnection: close\r\n\r\n")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/api/%00status")]
    [InlineData("/api/swap/a%0d%0ab")]
    [InlineData("/api/swap/%1b[31m")]
    [InlineData("/%C2%85")]
    public async Task Control_character_in_the_path_is_refused(string path)
    {
        var answer = await SendAsync($"GET {path} HTTP/1.1\r\nHost: {Us}\r\nConnection: close\r\n\r\n");

        answer.Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("*", "OPTIONS")]
    [InlineData("evil.example:80", "CONNECT")]
    [InlineData("/api/status", "TRACE")]
    [InlineData("/api/status", "PROPFIND")]
    public async Task Odd_method_or_target_never_reaches_a_handler(string target, string method)
    {
        var answer = await SendAsync($"{method} {target} HTTP/1.1\r\nHost: {Us}\r\nConnection: close\r\n\r\n");

        answer.Status.ShouldBeOneOf(400, 404, 405);
    }

    [Theory]
    [InlineData("utf-8", 400)]
    [InlineData("\"UTF-8\"", 400)]
    [InlineData("utf-7", 415)]
    [InlineData("no-such-charset", 415)]
    public async Task Json_is_utf8_and_nothing_else(string charset, int status)
    {
        var answer = await SendAsync($"POST /api/swap HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json; charset={charset}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        answer.Status.ShouldBe(status);
    }

    [Fact]
    public async Task T20_Larger_body_than_allowed_is_413_in_words_before_it_is_sent()
    {
        var answer = await SendAsync($"POST /api/swap HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json\r\nContent-Length: 100000000000\r\nConnection: close\r\n\r\n{{");

        answer.Status.ShouldBe(413);
        answer.Body.ShouldContain("too_large");
    }

    [Fact]
    public async Task T20_Endless_chunks_end_with_413_in_words()
    {
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";

        var answer = await SendAsync($"POST /api/swap HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 17))}");

        answer.Status.ShouldBe(413);
        answer.Body.ShouldContain("too_large");
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n")]
    [InlineData("ffffffffffffffffff\r\n")]
    public async Task Chunk_of_no_size_or_an_endless_one_is_refused(string chunk)
    {
        (await SendAsync($"POST /api/swap HTTP/1.1\r\nHost: {Us}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunk}")).Status.ShouldBe(400);
    }

    private Task<RawAnswer> SendAsync(string text) => RawHttp.SendAsync(appliance.Address, text);
}
