using System.Net;
using Appliance.TestKit.Time;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Security;

/// <summary>T-09, T-10, T-11, T-32: every endpoint × every way in which a foreign page could reach it, over raw sockets on real Kestrel.</summary>
[Collection(ApplianceTests.Name)]
public sealed class RequestGateMatrixTests(ApplianceRun appliance)
{
    private static readonly string[] NotMapped = ["/api/no-such-call", "/v1/no-such-call", "/no-such-page", "/_blazor/no-such", "/_framework/no-such.js"];

    private IEnumerable<(string Method, string Path)> Targets =>
        MappedEndpoint.All(appliance.Services).Select(endpoint => (endpoint.Method, endpoint.Path))
            .Concat(NotMapped.SelectMany(path => new[] { ("GET", path), ("POST", path) }))
            .Distinct();

    private Uri Server => appliance.Address;

    private string Us => appliance.Address.Authority;

    [Fact]
    public async Task T10_Foreign_host_is_misdirected_at_every_address()
    {
        foreach (var (method, path) in Targets)
        {
            var answer = await RawHttp.SendAsync(Server, method, path, method == "POST" ? "{}" : null, "Host: evil.example", "Content-Type: application/json");

            answer.Status.ShouldBe(421, $"{method} {path}");
            answer.Body.ShouldNotContain("evil", Case.Insensitive, $"{method} {path}");
            answer.Header("Content-Type").ShouldStartWith("text/plain");
            ShouldBeGuarded(answer, $"{method} {path}");
        }
    }

    [Theory]
    [InlineData("Origin: http://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: file://")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    public async Task T09_Foreign_page_changes_nothing_at_any_address(string header)
    {
        foreach (var (method, path) in Targets.Where(target => target.Method != "GET" && target.Method != "HEAD"))
        {
            var answer = await RawHttp.SendAsync(Server, method, path, "{}", header, "Content-Type: application/json");

            answer.Status.ShouldBe(403, $"{method} {path} with {header}");
            ShouldBeGuarded(answer, $"{method} {path}");
        }
    }

    [Fact]
    public async Task T09_Another_port_of_the_same_machine_is_a_foreign_page()
    {
        var answer = await RawHttp.SendAsync(Server, "POST", "/api/stop", "{}", $"Origin: http://{Server.Host}:1", "Content-Type: application/json");

        answer.Status.ShouldBe(403);
        answer.Body.ShouldContain("foreign_origin");
    }

    [Theory]
    [InlineData("text/plain", "{}")]
    [InlineData("application/x-www-form-urlencoded", "model=x")]
    [InlineData("multipart/form-data; boundary=x", "--x--\r\n")]
    [InlineData("not a type", "{}")]
    public async Task T09_Body_that_a_form_can_send_is_not_read_by_the_api(string type, string body)
    {
        foreach (var target in MappedEndpoint.All(appliance.Services).Where(target => target.Method == "POST" && target.Path.StartsWith("/api", StringComparison.Ordinal)))
        {
            var answer = await RawHttp.SendAsync(Server, "POST", target.Path, body, $"Content-Type: {type}");

            answer.Status.ShouldBe(415, $"{target} with {type}");
            answer.Body.ShouldContain("unsupported_media_type");
        }
    }

    [Fact]
    public async Task Program_without_origin_passes_the_gate_everywhere()
    {
        foreach (var target in MappedEndpoint.All(appliance.Services).Where(target => target.Method is "POST" && target.Path.StartsWith("/api", StringComparison.Ordinal)))
        {
            var answer = await RawHttp.SendAsync(Server, "POST", target.Path, """{"lane":"no-such-lane","model":"x"}""", "Content-Type: application/json");

            answer.Status.ShouldNotBeOneOf([403, 415, 421, 500]);
        }
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Own_page_passes_the_gate_also_behind_a_proxy_that_speaks_https(string scheme)
    {
        var answer = await RawHttp.SendAsync(Server, "POST", "/api/stop", """{"lane":"no-such-lane"}""", $"Origin: {scheme}://{Us}", "Sec-Fetch-Site: same-origin", "Content-Type: application/json");

        answer.Status.ShouldBe(404);
        answer.Body.ShouldContain("unknown_lane");
    }

    [Fact]
    public async Task Reading_never_changes_anything_so_changing_calls_refuse_get_and_head()
    {
        foreach (var target in MappedEndpoint.All(appliance.Services).Where(target => target.Method == "POST" && target.Path.StartsWith("/api", StringComparison.Ordinal)))
        {
            if (MappedEndpoint.All(appliance.Services).Any(other => other.Method == "GET" && other.Path == target.Path))
            {
                continue;
            }

            // GET /api/swap/x/cancel also reads as nothing; both words mean that nothing was done.
            (await RawHttp.SendAsync(Server, "GET", target.Path, null)).Status.ShouldBeOneOf(404, 405);
            (await RawHttp.SendAsync(Server, "HEAD", target.Path, null)).Status.ShouldBeOneOf(404, 405);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/healthz")]
    [InlineData("/api/status")]
    [InlineData("/api/events")]
    [InlineData("/v1/models")]
    [InlineData("/metrics")]
    [InlineData("/app.css")]
    public async Task Monitor_that_sends_head_gets_the_status_of_get_and_no_body(string path)
    {
        using var client = new HttpClient { BaseAddress = Server };

        // On one connection, so that a body that was sent would be taken for the next answer, and an endless stream would hold it.
        for (var i = 0; i < 2; i++)
        {
            using var again = new HttpRequestMessage(HttpMethod.Head, path);
            using var answer = await client.SendAsync(again).DefaultTimeout();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task T32_Every_answer_carries_the_headers()
    {
        foreach (var target in MappedEndpoint.All(appliance.Services).Where(target => target.Method == "GET"))
        {
            ShouldBeGuarded(await RawHttp.SendAsync(Server, "GET", target.Path, null), target.ToString());
        }
    }

    private static void ShouldBeGuarded(RawAnswer answer, string what)
    {
        answer.Header("Content-Security-Policy").ShouldNotBeNull(what);
        answer.Header("Content-Security-Policy")!.ShouldMatch("script-src 'self';|default-src 'none'; sandbox");
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff", what);
        answer.Header("X-Frame-Options").ShouldBe("DENY", what);
        answer.Header("Referrer-Policy").ShouldBe("same-origin", what);
        answer.Header("Cache-Control").ShouldNotBeNull(what);
        answer.Header("x-request-id").ShouldNotBeNull(what);
        answer.Header("Server").ShouldBeNull(what);
        answer.Header("Access-Control-Allow-Origin").ShouldBeNull(what);
    }
}
