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

/// <summary>
/// The whole appliance on a real sshd whose account has stand-ins for docker, nvidia-smi and the launcher, with a served process behind it. Only the GPU is
/// missing.
/// </summary>
public sealed class RealSshTests : IAsyncLifetime
{
    private const string Pictures = """--mm-processor-kwargs={"max_pixels": 2000000}""";

    private readonly TemporaryFolder _data = new();
    private readonly int _port = FakeSpark.FreePort();
    private FakeSpark _spark = null!;
    private ApplianceHost _appliance = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _spark = await FakeSpark.StartAsync();
        await File.WriteAllTextAsync(
            _data.File("models.yaml"),
            $$"""
            recipes:
              - repo: example-org/Vision-8B
                name: Vision 8B
                placement: solo
                capabilities: [chat, vision]
                args:
                  - --gpu-memory-utilization=0.5
                  - --max-model-len=32768
                  - '{{Pictures}}'
              - repo: example-org/Small-8B-Instruct
                name: Small 8B
                placement: solo
                capabilities: [chat]
                args:
                  - --gpu-memory-utilization=0.5
            """);
        await StartApplianceAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _appliance.DisposeAsync();
        await _spark.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_model_is_found_started_asked_and_stopped_over_a_real_ssh_connection()
    {
        await WhenAsync("/api/models", models => models.GetProperty("models").GetArrayLength() == 2);

        var plan = await PostAsync("/api/swap", new { model = "example-org/Vision-8B", dry_run = true });
        var swap = await PostAsync("/api/swap", new { model = "example-org/Vision-8B", wait_seconds = 60 });
        swap.GetProperty("state").GetString().ShouldBe("live", swap.ToString());

        // The words arrive byte for byte, blanks and braces too.
        var received = _spark.FindReceivedWords().ShouldNotBeNull();
        received.ShouldContain(Pictures);
        PlannedServeWords(plan).ShouldBe(received);

        var models = await GetAsync("/v1/models");
        models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ShouldContain("example-org/Vision-8B");
        var chat = await PostAsync("/v1/chat/completions", new { model = "example-org/Vision-8B", messages = new[] { new { role = "user", content = "Hello" } } });
        chat.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldNotBeNullOrEmpty();

        var stop = await PostAsync("/api/stop", new { });
        await WhenAsync($"/api/swap/{stop.GetProperty("job_id").GetString()}", job => job.GetProperty("state").GetString() == "live");
        using var refused = await _client.PostAsJsonAsync("/v1/chat/completions", new { model = "example-org/Vision-8B", messages = Array.Empty<object>() });
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_launcher_that_says_zero_although_docker_refused_is_a_failed_swap_with_the_reason()
    {
        await WhenAsync("/api/models", models => models.GetProperty("models").GetArrayLength() == 2);
        _spark.LetDockerRefuse("could not select device driver \"\" with capabilities: [[gpu]]");

        var swap = await PostAsync("/api/swap", new { model = "example-org/Small-8B-Instruct", wait_seconds = 60 });

        swap.GetProperty("state").GetString().ShouldBe("failed");
        swap.GetProperty("error").GetProperty("code").GetString().ShouldBe("gpu_missing");
        Launches().ShouldBe(1);
    }

    [Fact]
    public async Task What_the_launcher_would_refuse_is_told_before_the_running_model_is_stopped()
    {
        await WhenAsync("/api/models", models => models.GetProperty("models").GetArrayLength() == 2);
        (await PostAsync("/api/swap", new { model = "example-org/Small-8B-Instruct", wait_seconds = 60 })).GetProperty("state").GetString().ShouldBe("live");

        _spark.RemoveImages();
        (await CodeOfSwapAsync()).ShouldBe("image_missing");
        _spark.WriteLauncherSettings("no key and no value\n");
        (await CodeOfSwapAsync()).ShouldBe("env_file");
        _spark.WriteLauncherSettings("CONTAINER_HF_TOKEN=a-secret\nCONTAINER_NAME=\"other_node\"\n");
        (await CodeOfSwapAsync()).ShouldBe("container_renamed");

        var status = await GetAsync("/api/status");
        status.GetProperty("current").GetProperty("id").GetString().ShouldBe("example-org--small-8b-instruct");
        Launches().ShouldBe(1);

        async Task<string?> CodeOfSwapAsync()
        {
            var swap = await PostAsync("/api/swap", new { model = "example-org/Vision-8B", wait_seconds = 60 });
            swap.GetProperty("state").GetString().ShouldBe("failed");
            return swap.GetProperty("error").GetProperty("code").GetString();
        }
    }

    [Fact]
    public async Task A_model_that_dies_while_it_loads_is_explained_and_the_previous_one_is_back()
    {
        await WhenAsync("/api/models", models => models.GetProperty("models").GetArrayLength() == 2);
        (await PostAsync("/api/swap", new { model = "example-org/Small-8B-Instruct", wait_seconds = 60 })).GetProperty("state").GetString().ShouldBe("live");
        _spark.LetServerDie("(EngineCore pid=112) ERROR 11-21 07:42:05 [core.py:936] torch.OutOfMemoryError: CUDA out of memory.");

        var accepted = await PostAsync("/api/swap", new { model = "example-org/Vision-8B" });
        var url = $"/api/swap/{accepted.GetProperty("job_id").GetString()}";
        await WhenAsync(url, job => job.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object);
        _spark.LetServerDie(null);
        var ended = await WhenAsync(url, job => job.GetProperty("state").GetString() is "rolled_back" or "failed");

        ended.GetProperty("state").GetString().ShouldBe("rolled_back", ended.ToString());
        ended.GetProperty("error").GetProperty("code").GetString().ShouldBe("out_of_memory");
        var status = await GetAsync("/api/status");
        status.GetProperty("current").GetProperty("id").GetString().ShouldBe("example-org--small-8b-instruct");
    }

    [Fact]
    public async Task After_a_restart_the_running_model_is_seen_and_nothing_is_launched_again()
    {
        await WhenAsync("/api/models", models => models.GetProperty("models").GetArrayLength() == 2);
        (await PostAsync("/api/swap", new { model = "example-org/Small-8B-Instruct", wait_seconds = 60 })).GetProperty("state").GetString().ShouldBe("live");
        var launches = Launches();

        _client.Dispose();
        await _appliance.DisposeAsync();
        await StartApplianceAsync();

        await WhenAsync("/api/status", status => status.GetProperty("current").ValueKind == JsonValueKind.Object);
        Launches().ShouldBe(launches);
    }

    [Fact]
    public async Task A_launcher_that_spoils_words_starts_what_has_none_to_spoil_and_says_why_it_starts_nothing_else()
    {
        await WhenAsync("/api/models", models => models.GetProperty("models").GetArrayLength() == 2);
        _spark.UseLauncher("doubled");

        var refused = await PostAsync("/api/swap", new { model = "example-org/Vision-8B", wait_seconds = 60 });
        refused.GetProperty("state").GetString().ShouldBe("failed");
        refused.GetProperty("error").GetProperty("code").GetString().ShouldBe("quoting_unproven");
        refused.GetProperty("error").GetProperty("advice").GetString()!.ShouldContain("git pull");
        Launches().ShouldBe(0);

        var plain = await PostAsync("/api/swap", new { model = "example-org/Small-8B-Instruct", wait_seconds = 60 });
        plain.GetProperty("state").GetString().ShouldBe("live", plain.ToString());
    }

    private int Launches() => _spark.ReadDockerCalls().Count(call => call.Contains("run"));

    private async Task StartApplianceAsync()
    {
        var options = EnvironmentOptions.Read(
            new Dictionary<string, string?>
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["DATA_DIR"] = _data.Path,
                ["SPARK1_HOST"] = "127.0.0.1",
                ["SSH_USER"] = _spark.Sshd.User,
                ["SSH_PORT"] = $"{_spark.Sshd.Port}",
                ["SSH_TRUST"] = "first",
                ["VLLM_PORT"] = $"{_port}",
                ["DISABLED_SERVICES"] = "asr,tts,embeddings,qdrant,matrix-bridge",
            }.GetValueOrDefault,
            new Secrets([]));
        await KeyPair.LetInAsync(options.Data.SshKey, _spark.Sshd);
        _appliance = await ApplianceHost.StartAsync(options with { LogsToConsole = false }, CancellationToken.None);
        _client = new HttpClient { BaseAddress = _appliance.Address, Timeout = TimeSpan.FromSeconds(120) };
    }

    private static string[] PlannedServeWords(JsonElement plan) =>
        [.. plan.GetProperty("hosts")[0].GetProperty("argv").EnumerateArray().Select(word => word.GetString()!).SkipWhile(word => word != "vllm")];

    private async Task<JsonElement> GetAsync(string path) => await _client.GetFromJsonAsync<JsonElement>(path).DefaultTimeout();

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await _client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Asks until it holds; the appliance looks at its machines every few seconds.</summary>
    private async Task<JsonElement> WhenAsync(string path, Func<JsonElement, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var answer = await GetAsync(path);
            if (holds(answer))
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }
}
