using System.Net;
using System.Text;
using System.Text.Json;
using Appliance.Cluster.Keys;
using Appliance.Security;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Keys;

/// <summary>T-40: every endpoint × every key × every setting, on a running appliance.</summary>
public sealed class KeyMatrixTests(KeyedRun appliance) : IClassFixture<KeyedRun>
{
    private static readonly string[] Streams = ["/api/events"];

    private IEnumerable<MappedEndpoint> Targets => MappedEndpoint.All(appliance.Services).Where(target => !target.Path.StartsWith("/_blazor/", StringComparison.Ordinal));

    [Theory]
    [InlineData(KeyDemand.Changes)]
    [InlineData(KeyDemand.All)]
    public async Task T40_Call_without_a_good_enough_key_is_refused_everywhere(KeyDemand demand)
    {
        appliance.Ask(demand);
        foreach (var target in Targets)
        {
            var needed = KeyRules.FindNeeded(target.Endpoint.FindSecurityClass()!.Value, demand);
            foreach (var (what, token, scope) in Callers())
            {
                if (needed is null || scope >= needed)
                {
                    continue;
                }

                using var answer = await SendAsync(target, token);
                var isForAPerson = target.Endpoint.FindSecurityClass() == SecurityClass.Page && target.Method == "GET";
                var expected = isForAPerson && !target.Path.StartsWith("/_blazor", StringComparison.Ordinal) ? HttpStatusCode.Redirect
                    : scope is null ? HttpStatusCode.Unauthorized
                    : HttpStatusCode.Forbidden;
                ((int)answer.StatusCode).ShouldBeOneOf([(int)expected, scope is null && token is not null ? 429 : (int)expected], $"{target} with {what}, {demand}");
            }
        }
    }

    [Theory]
    [InlineData(KeyDemand.Off)]
    [InlineData(KeyDemand.Changes)]
    [InlineData(KeyDemand.All)]
    public async Task T40_Call_with_a_good_enough_key_goes_on(KeyDemand demand)
    {
        appliance.Ask(demand);
        foreach (var target in Targets.Where(target => !Streams.Contains(target.Path)))
        {
            var needed = KeyRules.FindNeeded(target.Endpoint.FindSecurityClass()!.Value, demand);
            foreach (var (what, token, scope) in Callers().Where(caller => needed is null || caller.Scope >= needed))
            {
                using var answer = await SendAsync(target, token);

                ((int)answer.StatusCode).ShouldNotBeOneOf([401, 429, 500], $"{target} with {what}, {demand}");
                (await answer.Content.ReadAsStringAsync()).ShouldNotContain("key_not_enough", customMessage: $"{target} with {what}, {demand}");
            }
        }
    }

    [Fact]
    public async Task T40_Off_leaves_every_answer_as_it_was()
    {
        appliance.Ask(KeyDemand.Off);
        foreach (var target in Targets.Where(target => target.Method == "GET" && !Streams.Contains(target.Path)))
        {
            using var without = await SendAsync(target, null);
            using var with = await SendAsync(target, "not-a-key");

            with.StatusCode.ShouldBe(without.StatusCode, target.ToString());
            with.Headers.Select(header => header.Key).Order(StringComparer.Ordinal).ShouldBe(without.Headers.Select(header => header.Key).Order(StringComparer.Ordinal), target.ToString());
        }
    }

    [Theory]
    [InlineData("/api/status", "application/problem+json", "code")]
    [InlineData("/v1/models", "application/json", "error.code")]
    [InlineData("/v1/messages", "application/json", "error.code")]
    public async Task Refusal_is_in_the_dialect_of_the_path(string path, string type, string place)
    {
        appliance.Ask(KeyDemand.All);
        using var answer = await appliance.SendAsync(path == "/v1/messages" ? "POST" : "GET", path, null, path == "/v1/messages" ? Json() : null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var value = place.Split('.').Aggregate(json.RootElement, (element, name) => element.GetProperty(name));
        value.GetString().ShouldBe("key_required");
        if (path == "/v1/messages")
        {
            json.RootElement.GetProperty("type").GetString().ShouldBe("error");
            json.RootElement.GetProperty("error").GetProperty("type").GetString().ShouldBe("authentication_error");
        }
    }

    [Fact]
    public async Task Key_is_also_taken_where_anthropics_clients_send_it()
    {
        appliance.Ask(KeyDemand.All);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("x-api-key", appliance.Keys[KeyScope.Use].Token);

        (await appliance.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private IEnumerable<(string What, string? Token, KeyScope? Scope)> Callers() =>
        appliance.Keys.Select(key => (key.Key.ToString(), (string?)key.Value.Token, (KeyScope?)key.Key))
            .Prepend(("a wrong key", "ak_wrong", null))
            .Prepend(("no key", null, null));

    private async Task<HttpResponseMessage> SendAsync(MappedEndpoint target, string? token)
    {
        // Nothing that is carried out may change the demo for the next row.
        var hasBody = target.Method is "POST" or "PUT" or "PATCH" or "DELETE";
        return await appliance.SendAsync(target.Method, target.Path, token, hasBody ? Json("""{"lane":"no-such-lane","model":"no-such-model","name":""}""") : null);
    }

    private static StringContent Json(string text = "{}") => new(text, Encoding.UTF8, "application/json");
}
