using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Logging;
using Appliance.TestKit.Files;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Tests.EndToEnd;

/// <summary>A machine is let in by the API alone, with the default SSH_TRUST=ask and a real sshd.</summary>
public sealed class HostTrustTests : IAsyncLifetime
{
    private static readonly string OtherFingerprint = $"SHA256:{new string('A', 43)}";

    private readonly TemporaryFolder _data = new();
    private FakeSpark _spark = null!;
    private ApplianceHost _appliance = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _spark = await FakeSpark.StartAsync();
        var options = EnvironmentOptions.Read(
            new Dictionary<string, string?>
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["DATA_DIR"] = _data.Path,
                ["SPARK1_HOST"] = "127.0.0.1",
                ["SSH_USER"] = _spark.Sshd.User,
                ["SSH_PORT"] = $"{_spark.Sshd.Port}",
                ["VLLM_PORT"] = $"{FakeSpark.FreePort()}",
                ["DISABLED_SERVICES"] = "asr,tts,embeddings,qdrant,matrix-bridge",
            }.GetValueOrDefault,
            new Secrets([]));
        _appliance = await ApplianceHost.StartAsync(options with { LogsToConsole = false }, CancellationToken.None);
        _client = new HttpClient { BaseAddress = _appliance.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _appliance.DisposeAsync();
        await _spark.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Machine_is_confirmed_let_in_and_works()
    {
        await WhenFaultIsAsync("host_key_unknown");

        var (status, differs) = await PostAsync("trust", new { fingerprint = OtherFingerprint });
        status.ShouldBe(HttpStatusCode.Conflict);
        differs.GetProperty("code").GetString().ShouldBe("host_key_differs");
        var fingerprint = differs.GetProperty("fingerprint").GetString();
        Failed((await PostAsync("test", new { })).Body).ShouldBe("host_key");

        var (trusted, answer) = await PostAsync("trust", new { fingerprint });
        trusted.ShouldBe(HttpStatusCode.OK, answer.ToString());
        answer.GetProperty("trusted").GetBoolean().ShouldBeTrue();
        await WhenFaultIsAsync("authentication_failed");
        Failed((await PostAsync("test", new { })).Body).ShouldBe("login");

        var key = await _client.GetFromJsonAsync<JsonElement>("/api/hosts/spark-1/ssh-key");
        _spark.Sshd.Authorize(key.GetProperty("public_key").GetString()!);
        var (_, test) = await PostAsync("test", new { });
        test.GetProperty("ok").GetBoolean().ShouldBeTrue(test.ToString());
        test.GetProperty("steps").GetArrayLength().ShouldBe(5);

        // A refused machine is otherwise asked again only after minutes.
        await WhenFaultIsAsync(null);
        await WhenAsync("/api/models", models => models.GetProperty("models").GetArrayLength() == 2);

        _spark.SetDockerDown(true);
        Failed((await PostAsync("test", new { })).Body).ShouldBe("docker");
    }

    [Fact]
    public async Task Unknown_machine_and_missing_fingerprint_are_refused()
    {
        using var unknown = await _client.PostAsJsonAsync("/api/hosts/spark-9/trust", new { fingerprint = OtherFingerprint });
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("unknown_host");

        (await PostAsync("trust", new { })).Status.ShouldBe(HttpStatusCode.BadRequest);

        await _spark.Sshd.StopAsync();
        var (status, problem) = await PostAsync("trust", new { fingerprint = OtherFingerprint });
        status.ShouldBe(HttpStatusCode.BadGateway);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    private static string? Failed(JsonElement test) =>
        test.GetProperty("steps").EnumerateArray().First(step => !step.GetProperty("ok").GetBoolean()).GetProperty("step").GetString();

    private Task WhenFaultIsAsync(string? code) => WhenAsync("/api/hosts", hosts =>
    {
        var host = hosts.GetProperty("hosts")[0];
        return (host.TryGetProperty("fault_code", out var fault) ? fault.GetString() : null) == code && host.TryGetProperty("observed_at", out _) == (code is null);
    });

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string call, object body)
    {
        using var answer = await _client.PostAsJsonAsync($"/api/hosts/spark-1/{call}", body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task WhenAsync(string path, Func<JsonElement, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds(await _client.GetFromJsonAsync<JsonElement>(path).DefaultTimeout()))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }
}
