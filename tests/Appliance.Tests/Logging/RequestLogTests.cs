using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Tests.Running;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Logging;

/// <summary>T-14, T-15, T-16: the log of a real run.</summary>
[Collection(ApplianceTests.Name)]
public sealed class RequestLogTests(ApplianceRun appliance)
{
    [Fact]
    public async Task Log_of_hostile_requests_is_json_and_holds_nothing_of_them()
    {
        const string Prompt = "canary-prompt-7f3a";
        using var chat = await appliance.Client.PostAsJsonAsync(
            "/v1/chat/completions", new { model = $"nobody/{Prompt}", messages = new[] { new { role = "user", content = Prompt } } });
        using var swap = await appliance.Client.PostAsJsonAsync("/api/swap", new { model = Prompt, token = Prompt, note = Prompt });
        using var path = await appliance.Client.GetAsync(new Uri($"/api/{Prompt}?q={Prompt}", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/swap") { Content = JsonContent.Create(new { model = "nobody/x" }) };
        request.Headers.Add("x-request-id", "traced-1");
        request.Headers.Add("X-Requested-By", Prompt);
        request.Headers.Add("Authorization", $"Bearer {Prompt}");
        using var traced = await appliance.Client.SendAsync(request);
        appliance.Get<ILoggerFactory>().CreateLogger("test").LogWarning("A tool printed {Text}", $"token {ApplianceRun.Canary}\nlevel=forged");

        var log = appliance.ReadLog();

        log.ShouldNotContain(Prompt);
        log.ShouldNotContain(ApplianceRun.Canary);
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        lines.ShouldContain(line => Text(line, "request_id") == "traced-1" && Text(line, "status") == "404");
        lines.ShouldAllBe(line => line.GetProperty("message").GetString() != null);
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : null;
}
