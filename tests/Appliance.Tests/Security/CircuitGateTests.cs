using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Security;

/// <summary>T-11: a page of another site opens no circuit. Browsers apply no CORS to WebSockets.</summary>
[Collection(ApplianceTests.Name)]
public sealed class CircuitGateTests(ApplianceRun appliance)
{
    [Fact]
    public async Task T11_Only_our_own_page_and_programs_get_a_web_socket()
    {
        var us = appliance.Address;
        string[] foreign =
        [
            "http://evil.example", "https://evil.example", "null", "file://", $"http://{us.Host}", $"http://{us.Host}:1", $"http://{us.Authority}.evil.example",
            $"http://evil.example:{us.Port}", $"ws://{us.Authority}", $"http://{us.Authority}/", $"http://x@{us.Authority}", "", $"http://localhost:{us.Port}",
        ];
        foreach (var origin in foreign)
        {
            (await UpgradeAsync($"Origin: {origin}")).Status.ShouldBe(403, origin);
        }

        (await UpgradeAsync($"Origin: http://{us.Authority}")).Status.ShouldBe(101);
        (await UpgradeAsync("X-Program: yes")).Status.ShouldBe(101);
        (await UpgradeAsync("Sec-Fetch-Site: cross-site")).Status.ShouldBe(403);
        (await UpgradeAsync("Origin: http://evil.example", $"Origin: http://{us.Authority}")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task T11_Foreign_page_gets_nothing_of_the_circuit_by_other_transports()
    {
        (await RawHttp.SendAsync(appliance.Address, "POST", "/_blazor/negotiate?negotiateVersion=1", "", "Origin: http://evil.example")).Status.ShouldBe(403);
        (await RawHttp.SendAsync(appliance.Address, "GET", "/_blazor/initializers", null, "Origin: http://evil.example")).Status.ShouldBe(403);
        (await RawHttp.SendAsync(appliance.Address, "GET", "/_BLAZOR/initializers", null, "Origin: http://evil.example")).Status.ShouldBe(403);
        (await RawHttp.SendAsync(appliance.Address, "POST", "/_blazor/negotiate?negotiateVersion=1", "", $"Origin: http://{appliance.Address.Authority}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Script_of_the_circuit_is_served_as_javascript()
    {
        using var answer = await appliance.Client.GetAsync(new Uri("/_framework/blazor.web.js", UriKind.Relative));

        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Blazor");
    }

    [Fact]
    public async Task Page_is_served_with_the_script_and_without_inline_code()
    {
        var html = await appliance.Client.GetStringAsync(new Uri("/", UriKind.Relative));

        html.ShouldContain("blazor.web");
        System.Text.RegularExpressions.Regex.Matches(html, @"<script(?![^>]*\ssrc=)[^>]*>").ShouldBeEmpty();
        html.ShouldNotContain(" onclick=");
    }

    [Fact]
    public async Task T34_Policy_lets_the_page_keep_its_base_and_nothing_run_inline()
    {
        using var answer = await appliance.Client.GetAsync(new Uri("/", UriKind.Relative));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        (await answer.Content.ReadAsStringAsync()).ShouldContain("<base href=\"/\"");
        policy.ShouldContain("base-uri 'self'");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("*");
    }

    [Fact]
    public async Task Fingerprinted_file_may_be_kept_and_a_missing_one_may_not()
    {
        var html = await appliance.Client.GetStringAsync(new Uri("/", UriKind.Relative));
        var script = System.Text.RegularExpressions.Regex.Match(html, "src=\"(_framework/[^\"]+)\"").Groups[1].Value;
        using var found = await appliance.Client.GetAsync(new Uri($"/{script}", UriKind.Relative));
        using var missing = await appliance.Client.GetAsync(new Uri("/_framework/no-such.js", UriKind.Relative));

        script.ShouldMatch(@"blazor\.web\.\w+\.js");
        found.Headers.CacheControl!.NoStore.ShouldBeFalse();
        found.Headers.ETag.ShouldNotBeNull();
        missing.Headers.CacheControl!.ToString().ShouldBe("no-store");
    }

    private Task<RawAnswer> UpgradeAsync(params string[] headers) =>
        RawHttp.SendAsync(
            appliance.Address,
            $"GET /_blazor HTTP/1.1\r\nHost: {appliance.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{string.Join("\r\n", headers)}\r\n\r\n");
}
