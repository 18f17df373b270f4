using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

/// <summary>Programs that ask for a model while it is being loaded, through the whole appliance.</summary>
public sealed class HeldRequestTests(ApplianceRun appliance) : IClassFixture<ApplianceRun>
{
    private HttpClient Client => appliance.Client;

    [Fact]
    public async Task Requests_for_a_model_that_was_just_asked_for_wait_and_are_answered_by_it()
    {
        var model = await FindReadyModelAsync();
        using var accepted = await Client.PostAsJsonAsync("/api/swap", new { model });
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());

        var asking = Enumerable.Range(0, 20).Select(i => AskAsync(model, isStreamed: i % 2 == 0)).ToArray();

        foreach (var (i, one) in asking.Index())
        {
            using var answer = await one;
            var text = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
            text.ShouldNotContain("\"error\"");
            if (i % 2 == 0)
            {
                text.TrimEnd().ShouldEndWith("data: [DONE]");
            }
        }
    }

    private Task<HttpResponseMessage> AskAsync(string model, bool isStreamed) => Client.PostAsync(
        new Uri("/v1/chat/completions", UriKind.Relative),
        new StringContent($$"""{"model":"{{model}}","stream":{{(isStreamed ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json"));

    private async Task<string> FindReadyModelAsync()
    {
        while (true)
        {
            var models = (await Client.GetFromJsonAsync<JsonElement>("/api/models")).GetProperty("models").EnumerateArray();
            if (models.FirstOrDefault(model => model.GetProperty("state").GetString() == "ready" && model.GetProperty("id").GetString()!.StartsWith("google", StringComparison.Ordinal)) is { ValueKind: JsonValueKind.Object } ready)
            {
                return ready.GetProperty("id").GetString()!;
            }
        }
    }
}
