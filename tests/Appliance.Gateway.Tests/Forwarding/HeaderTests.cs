using System.Text;
using Appliance.Cluster.Routing;
using Appliance.Gateway.Forwarding;
using Appliance.Gateway.Tests.Rig;
using Appliance.TestKit.Time;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Forwarding;

public sealed class HeaderTests
{
    [Fact]
    public async Task Only_harmless_headers_reach_the_upstream()
    {
        await using var rig = await GatewayRig.StartAsync();
        var upstream = rig.Own(await RecordingUpstream.StartAsync());
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.SendAsync(
            "POST /v1/chat/completions?api-version=1 HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer secret\r\nCookie: a=b\r\nProxy-Authorization: Basic x\r\nX-Api-Key: k\r\n"
            + "Accept: text/event-stream\r\nUser-Agent: me\r\nConnection: keep-alive, x-secret\r\nx-secret: 1\r\nTE: trailers\r\nTrailer: x\r\nUpgrade: websocket\r\nKeep-Alive: timeout=5\r\n"
            + "X-Forwarded-For: 192.0.2.9\r\nForwarded: for=192.0.2.9\r\nX-Forwarded-Host: evil\r\nOrigin: http://evil\r\nReferer: http://evil\r\nOpenAI-Organization: org\r\nAccept-Encoding: gzip\r\n"
            + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");

        await client.ReadUntilAsync("{}");

        var received = upstream.Requests.ShouldHaveSingleItem();
        received.Target.ShouldBe("/v1/chat/completions");
        received.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase).ShouldBe(["Accept", "Content-Length", "Content-Type", "Host", "User-Agent", "X-Request-ID"]);
        received.Headers["Host"].ShouldBe($"127.0.0.1:{upstream.Port}");
        Encoding.UTF8.GetString(received.Body).ShouldBe("""{"model":"m"}""");
    }

    [Fact]
    public void Header_that_Connection_names_stays_even_when_it_may_pass_otherwise()
    {
        var headers = new HeaderDictionary { ["Connection"] = "keep-alive, user-AGENT", ["User-Agent"] = "me", ["Accept"] = "*/*" };

        using var request = new HttpRequestMessage();

        HeaderRules.CopyToUpstream(headers, request.Headers);

        request.Headers.Select(header => header.Key).ShouldBe(["Accept"]);
    }

    [Fact]
    public async Task Hostile_headers_of_an_upstream_do_not_reach_the_caller()
    {
        await using var upstream = RawUpstream.Saying(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\nLocation: http://evil\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\n"
            + "Server: uvicorn\r\nStrict-Transport-Security: max-age=1\r\nContent-Security-Policy: script-src *\r\nX-Content-Type-Options: none\r\nX-Frame-Options: ALLOWALL\r\nRefresh: 0;url=http://evil\r\n"
            + "Clear-Site-Data: \"*\"\r\nContent-Disposition: inline; filename=evil.html\r\nX-Request-Id: theirs\r\nx-served-by: them\r\nConnection: close, OpenAI-Processing-Ms\r\nOpenAI-Processing-Ms: 5\r\n"
            + "Link: <http://evil>; rel=preload\r\nAlt-Svc: h3=\":443\"\r\nCache-Control: public, max-age=999\r\nRetry-After: 7\r\n\r\n{}");
        await using var rig = await GatewayRig.StartAsync();
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));
        using var client = await RawClient.ConnectAsync(rig.Address);
        await client.PostAsync("/v1/chat/completions", "{}");

        var seen = await client.ReadUntilAsync("{}");

        var names = seen[..seen.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n").Skip(1).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant()).Order(StringComparer.Ordinal);
        names.ShouldBe(["cache-control", "content-length", "content-security-policy", "content-type", "date", "retry-after", "server", "x-accel-buffering", "x-content-type-options", "x-queue-ms", "x-request-id", "x-served-by"]);
        seen.ShouldContain("Server: Kestrel");
        seen.ShouldContain("Cache-Control: no-store");
        seen.ShouldContain("Content-Security-Policy: default-src 'none'; sandbox");
        seen.ShouldContain("x-served-by: m\r\n");
    }

    [Theory]
    [InlineData("text/html", "application/octet-stream")]
    [InlineData("image/svg+xml", "application/octet-stream")]
    [InlineData("text/event-stream-not", "application/octet-stream")]
    [InlineData("audio/x\"><script>", "application/octet-stream")]
    [InlineData(null, "application/octet-stream")]
    [InlineData("application/json; charset=utf-8", "application/json; charset=utf-8")]
    [InlineData("Text/Event-Stream", "Text/Event-Stream")]
    [InlineData("audio/mpeg", "audio/mpeg")]
    public void Content_type_that_a_browser_might_run_is_turned_into_bytes(string? given, string expected)
    {
        HeaderRules.SafeContentType(given, out var isUnknown).ShouldBe(expected);
        isUnknown.ShouldBe(expected == "application/octet-stream");
    }

    [Fact]
    public async Task Page_instead_of_an_answer_is_a_file_to_save()
    {
        await using var rig = await GatewayRig.StartAsync();
        var upstream = rig.Own(await RecordingUpstream.StartAsync());
        rig.Upstreams.Add(GatewayRig.Serving(upstream.Port, "m", "m", UpstreamTask.Chat));
        upstream.Answer = context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<script>alert(1)</script>");
        };

        var answer = await rig.Http.PostAsync("/v1/chat/completions", new StringContent("{}", Encoding.UTF8, "application/json")).DefaultTimeout();

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
    }
}
