using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

[Collection(ApplianceTests.Name)]
public sealed class StatusTests(ApplianceRun appliance)
{
    [Fact]
    public async Task Status_is_the_whole_snapshot_in_snake_case()
    {
        var status = await GetAsync("/api/status");

        status.GetProperty("demo").GetBoolean().ShouldBeTrue();
        status.GetProperty("headline").GetString().ShouldNotBeNullOrWhiteSpace();
        status.GetProperty("generation").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        status.TryGetProperty("current", out _).ShouldBeTrue();
        status.TryGetProperty("swap", out _).ShouldBeTrue();
        status.GetProperty("lock").GetProperty("held").GetBoolean().ShouldBeFalse();
        status.GetProperty("lanes").EnumerateArray().Select(lane => lane.GetProperty("id").GetString()).ShouldBe(["main", "small"]);
        status.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("id").GetString()).ShouldBe(["spark-1", "spark-2"]);
        status.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("id").GetString()).ShouldContain("asr");
        status.GetProperty("observed_at").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Hosts_and_services_are_the_ones_of_the_status()
    {
        (await GetAsync("/api/hosts")).GetProperty("hosts").GetArrayLength().ShouldBe(2);
        (await GetAsync("/api/services")).GetProperty("services")[0].GetProperty("actions").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Endpoints_are_told_with_the_callers_own_name_of_the_appliance()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/endpoints", UriKind.Relative)) { Headers = { Host = "ai.home.example" } };
        using var answer = await appliance.Client.SendAsync(request);
        var endpoints = await answer.Content.ReadFromJsonAsync<JsonElement>();

        endpoints.GetProperty("base_url").GetString().ShouldBe("http://ai.home.example/v1");
        endpoints.GetProperty("endpoints").EnumerateArray().ShouldContain(upstream => upstream.GetProperty("id").GetString() == "main");
    }

    [Fact]
    public async Task Liveness_and_readiness_are_good()
    {
        (await GetAsync("/healthz")).GetProperty("status").GetString().ShouldBe("alive");
        (await GetAsync("/readyz")).GetProperty("ready").GetBoolean().ShouldBeTrue();
    }

    private Task<JsonElement> GetAsync(string path) => appliance.Client.GetFromJsonAsync<JsonElement>(path);
}
