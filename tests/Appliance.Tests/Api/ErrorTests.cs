using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

[Collection(ApplianceTests.Name)]
public sealed class ErrorTests(ApplianceRun appliance)
{
    [Theory]
    [InlineData("GET", "/api/no-such-call", HttpStatusCode.NotFound, "not_found")]
    [InlineData("POST", "/api/no-such-call", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/scrub", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/api/status", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "/api/swap/no-such-job", HttpStatusCode.NotFound, "unknown_job")]
    [InlineData("GET", "/api/swap/NOT%20AN%20ID/logs", HttpStatusCode.NotFound, "unknown_job")]
    [InlineData("GET", "/api/swap/no-such-job/events", HttpStatusCode.NotFound, "unknown_job")]
    [InlineData("POST", "/api/swap/no-such-job/cancel", HttpStatusCode.NotFound, "unknown_job")]
    [InlineData("GET", "/api/events/history?limit=0", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("GET", "/api/events/history?after=x", HttpStatusCode.BadRequest, "bad_request")]
    public async Task Error_is_a_problem_with_a_stable_code(string method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var answer = await appliance.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("type").GetString().ShouldBe($"urn:appliance:problem:{code}");
    }

    [Theory]
    [InlineData("/api/swap", """{"model":"a'b"}""")]
    [InlineData("/v1/chat/completions", """{"model":"a'b","messages":[]}""")]
    public async Task Error_that_is_read_in_a_terminal_has_no_escapes(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await appliance.Client.PostAsync(new Uri(path, UriKind.Relative), content);

        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("\\u00");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("", "bad_request")]
    [InlineData("{", "bad_json")]
    [InlineData("null", "bad_request")]
    [InlineData("[]", "bad_json")]
    [InlineData("{\"model\":5}", "bad_json")]
    [InlineData("{\"model\":\"\\ud800\"}", "bad_json")]
    [InlineData("{\"model\":\"x\",\"wait_seconds\":\"soon\"}", "bad_json")]
    [InlineData("{\"model\":\"x\",\"wait_seconds\":1801}", "bad_field")]
    [InlineData("{\"model\":\"x\",\"wait_seconds\":-1}", "bad_field")]
    [InlineData("{\"model\":\"x\",\"lane\":\"../x\"}", "bad_field")]
    [InlineData("{\"model\":\"x\",\"note\":\"a\\nb\"}", "bad_field")]
    [InlineData("{\"model\":\" \"}", "bad_field")]
    [InlineData("{}", "bad_field")]
    public async Task Malformed_wish_is_400_with_a_reason(string body, string code)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await appliance.Client.PostAsync(new Uri("/api/swap", UriKind.Relative), content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Json_that_is_nested_too_deep_is_400()
    {
        using var content = new StringContent(string.Concat(Enumerable.Repeat("{\"model\":", 5000)), Encoding.UTF8, "application/json");
        using var answer = await appliance.Client.PostAsync(new Uri("/api/swap", UriKind.Relative), content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Unknown_model_and_lane_are_404_and_say_what_there_is()
    {
        using var model = await appliance.Client.PostAsJsonAsync("/api/swap", new { model = "nobody/has-this" });
        using var lane = await appliance.Client.PostAsJsonAsync("/api/swap", new { model = "nobody/has-this", lane = "attic" });

        model.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var problem = await model.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("unknown_model");
        problem.GetProperty("known").GetArrayLength().ShouldBeGreaterThan(0);
        (await lane.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("known")[0].GetString().ShouldBe("main");
    }

    [Fact]
    public async Task Unknown_call_of_the_gateway_is_told_in_its_dialect()
    {
        using var answer = await appliance.Client.GetAsync(new Uri("/v1/no-such-call", UriKind.Relative));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Person_at_a_wrong_address_gets_a_page_and_a_program_gets_a_sentence()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/no-such-page", UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await appliance.Client.SendAsync(request);
        using var sentence = await appliance.Client.GetAsync(new Uri("/no-such-page", UriKind.Relative));

        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsStringAsync()).ShouldContain("There is nothing at this address");
        sentence.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        sentence.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task Request_id_is_taken_when_sane_and_minted_when_not()
    {
        (await IdOfAsync("my-id.1_a")).ShouldBe("my-id.1_a");
        (await IdOfAsync("a b")).ShouldStartWith("req-");
        (await IdOfAsync(new string('x', 200))).ShouldStartWith("req-");
        (await IdOfAsync(null)).ShouldStartWith("req-");
    }

    private async Task<string> IdOfAsync(string? sent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/healthz", UriKind.Relative));
        if (sent is not null)
        {
            request.Headers.TryAddWithoutValidation("x-request-id", sent);
        }

        using var answer = await appliance.Client.SendAsync(request);
        return answer.Headers.GetValues("x-request-id").Single();
    }
}
