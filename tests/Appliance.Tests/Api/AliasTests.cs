using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

/// <summary>Aliases over HTTP, against the demo cluster.</summary>
public sealed class AliasTests(ApplianceRun appliance) : IClassFixture<ApplianceRun>
{
    private HttpClient Client => appliance.Client;

    [Fact]
    public async Task Alias_is_said_listed_and_answers()
    {
        var live = await LiveModelAsync();
        (await ListAsync()).GetProperty("code").GetArrayLength().ShouldBe(0);

        var changed = await PutAsync($$"""{"code":["{{live}}"],"GPT-4o-mini":["{{live}}"]}""", HttpStatusCode.OK);

        changed.GetProperty("gpt-4o-mini")[0].GetString().ShouldBe(live);
        (await ListAsync()).GetRawText().ShouldBe(changed.GetRawText());
        var listed = (await Client.GetFromJsonAsync<JsonElement>("/v1/models")).GetProperty("data").EnumerateArray().ToArray();
        listed.ShouldContain(model => model.GetProperty("id").GetString() == "gpt-4o-mini" && model.GetProperty("alias_of").GetString() != null);
        var answer = await Client.PostAsJsonAsync("/v1/chat/completions", new { model = "gpt-4o-mini", messages = new[] { new { role = "user", content = "Hi" } } });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("x-served-by").ShouldBe([live]);
        (await Client.PostAsJsonAsync("/api/swap", new { model = "gpt-4o-mini", dry_run = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PutAsync("{}", HttpStatusCode.OK)).TryGetProperty("gpt-4o-mini", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_mistake_is_told_and_nothing_changes()
    {
        var live = await LiveModelAsync();
        var before = (await ListAsync()).GetRawText();

        var problem = await PutAsync($$"""{"a b":[],"fast":["nonsense",null],"{{live}}":[]}""", HttpStatusCode.UnprocessableEntity);

        problem.GetProperty("code").GetString().ShouldBe("bad_aliases");
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("alias").GetString()).ShouldBe(["a b", "fast", "fast", live]);
        (await ListAsync()).GetRawText().ShouldBe(before);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"fast":"one"}""")]
    public async Task Other_shapes_are_a_bad_request(string body)
    {
        await PutAsync(body, HttpStatusCode.BadRequest);
    }

    private async Task<string> LiveModelAsync()
    {
        while (true)
        {
            var models = (await Client.GetFromJsonAsync<JsonElement>("/api/models")).GetProperty("models").EnumerateArray();
            if (models.FirstOrDefault(model => model.GetProperty("state").GetString() == "live") is { ValueKind: JsonValueKind.Object } live)
            {
                return live.GetProperty("id").GetString()!;
            }
        }
    }

    private Task<JsonElement> ListAsync() => Client.GetFromJsonAsync<JsonElement>("/api/aliases");

    private async Task<JsonElement> PutAsync(string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Client.PutAsync(new Uri("/api/aliases", UriKind.Relative), content);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
