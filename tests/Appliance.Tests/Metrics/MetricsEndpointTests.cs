using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Appliance.Tests.Running;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Metrics;

[Collection(ApplianceTests.Name)]
public sealed class MetricsEndpointTests(ApplianceRun appliance)
{
    private const string Secret = "content-canary-5e1f";

    [Fact]
    public async Task Numbers_of_requests_machines_and_server_are_there()
    {
        await AskAsync("default");

        var text = await ReadTextAsync();

        text.ShouldContain("# TYPE appliance_gateway_request_duration_seconds histogram\n");
        text.ShouldContain("le=\"0.1\"");
        text.ShouldContain("le=\"60\"");
        text.ShouldContain("\nappliance_host_memory_available_bytes{host=\"spark-1\"} ");
        text.ShouldContain("\nappliance_lane_state{lane=\"main\",state=\"working\"} ");
        text.ShouldContain("\nkestrel_active_connections{");
        text.ShouldContain("\ndotnet_process_memory_working_set_bytes ");
    }

    [Fact]
    public async Task Json_and_text_say_the_same()
    {
        await AskAsync("no-such-model");
        var json = await appliance.Client.GetFromJsonAsync<JsonElement>("/api/metrics");

        var families = json.GetProperty("families").EnumerateArray().Select(family => family.GetProperty("name").GetString()!).ToArray();
        var total = json.GetProperty("total");

        var text = await ReadTextAsync();
        families.ShouldAllBe(name => text.Contains($"# TYPE {name} ", StringComparison.Ordinal));
        total.GetProperty("errors").GetProperty("unknown_model").GetInt64().ShouldBeGreaterThan(0);
        total.GetProperty("latency").GetProperty("buckets").EnumerateArray()
            .Where(bucket => bucket.TryGetProperty("le", out _)).Select(bucket => bucket.GetProperty("le").GetDouble())
            .ShouldBe([0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60]);
        json.GetProperty("models").EnumerateArray().ShouldContain(model => model.GetProperty("model").GetString() == "none");
    }

    [Fact]
    public async Task T16_What_people_ask_is_in_no_number()
    {
        await AskAsync(Secret);
        await AskAsync("default", Secret);
        await appliance.Client.GetAsync(new Uri($"/v1/{Secret}", UriKind.Relative));

        foreach (var path in new[] { "/metrics", "/api/metrics", "/api/requests" })
        {
            (await appliance.Client.GetStringAsync(new Uri(path, UriKind.Relative))).ShouldNotContain(Secret);
        }
    }

    [Fact]
    public async Task List_of_requests_is_off_by_default()
    {
        await AskAsync("default");

        var list = await appliance.Client.GetFromJsonAsync<JsonElement>("/api/requests");

        list.GetProperty("on").GetBoolean().ShouldBeFalse();
        list.GetProperty("requests").GetArrayLength().ShouldBe(0);
        (await appliance.Client.GetAsync(new Uri("/api/requests?limit=0", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Needs", "promtool")]
    public async Task Prometheus_own_checker_finds_nothing_wrong()
    {
        await AskAsync("default");
        var text = await ReadTextAsync();
        var start = new ProcessStartInfo("promtool", ["check", "metrics"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using var promtool = Process.Start(start)!;
        var errors = promtool.StandardError.ReadToEndAsync();
        var output = promtool.StandardOutput.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync().DefaultTimeout();

        ((await errors) + (await output)).ShouldBeEmpty();
        promtool.ExitCode.ShouldBe(0);
    }

    private Task<HttpResponseMessage> AskAsync(string model, string text = "Hello")
    {
        var body = JsonSerializer.Serialize(new { model, max_tokens = 5, messages = new[] { new { role = "user", content = text } } });
        return appliance.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
    }

    private async Task<string> ReadTextAsync()
    {
        using var answer = await appliance.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        return await answer.Content.ReadAsStringAsync();
    }
}
