using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Appliance.TestKit.Sshd;

namespace Appliance.Benchmarks.Swapping;

/// <summary>A stand-in Spark behind a real sshd, and the published appliance that drives it over ssh.</summary>
internal sealed class SwapHome : IAsyncDisposable
{
    // Not the lane's: the appliance would look at what was started by hand, and might ask it for its first token.
    private const string Container = "by_hand";
    private static readonly string[] s_models = ["example-org/Small-8B-Instruct", "example-org/Vision-8B"];
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _data;
    private readonly FakeSpark _spark;
    private readonly WarmConnection _ssh;
    private readonly HttpClient _client;
    private readonly int _handPort;
    private readonly Process _appliance;
    private readonly Task _log;

    private SwapHome(TemporaryFolder data, FakeSpark spark, WarmConnection ssh, int handPort, Process appliance, Uri address)
    {
        (_data, _spark, _ssh, _handPort, _appliance) = (data, spark, ssh, handPort, appliance);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = s_limit };
        // Its log is not of interest, but a full pipe would stop it.
        _log = Task.WhenAll(appliance.StandardOutput.BaseStream.CopyToAsync(Stream.Null), appliance.StandardError.BaseStream.CopyToAsync(Stream.Null));
    }

    public static async Task<SwapHome> StartAsync(string program)
    {
        var data = new TemporaryFolder();
        var spark = await FakeSpark.StartAsync();
        await spark.StampLaunchesAsync();
        await File.WriteAllTextAsync(
            data.File("models.yaml"),
            """
            recipes:
              - repo: example-org/Vision-8B
                name: Vision 8B
                placement: solo
                capabilities: [chat]
                args: [--gpu-memory-utilization=0.5]
              - repo: example-org/Small-8B-Instruct
                name: Small 8B
                placement: solo
                capabilities: [chat]
                args: [--gpu-memory-utilization=0.5]
            """);
        var ssh = await WarmConnection.OpenAsync(spark.Sshd, new DataDirectory(data.Path).SshKey);
        var (port, modelPort) = (FakeSpark.FreePort(), FakeSpark.FreePort());
        var start = new ProcessStartInfo("dotnet", [program]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["PORT"] = $"{port}",
            ["DATA_DIR"] = data.Path,
            ["SPARK1_HOST"] = "127.0.0.1",
            ["SSH_USER"] = spark.Sshd.User,
            ["SSH_PORT"] = $"{spark.Sshd.Port}",
            ["SSH_TRUST"] = "first",
            ["VLLM_PORT"] = $"{modelPort}",
            ["DISABLED_SERVICES"] = "asr,tts,embeddings,qdrant,matrix-bridge",
        })
        {
            start.Environment[key] = value;
        }

        var home = new SwapHome(data, spark, ssh, FakeSpark.FreePort(), Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
        await home.WhenReadyAsync();
        // The first change proves how words pass through the launcher, which later ones need not do.
        await home.ChangeByApplianceAsync();
        return home;
    }

    /// <summary>The same commands as a person with an open connection would give them, one after the other, as fast as they can.</summary>
    public async Task<SwapTimes> ChangeByHandAsync()
    {
        await StopByHandAsync();
        var launched = await LaunchAfterAsync(() => LaunchByHandAsync(s_models[0]));
        var live = await FirstTokenAsync(() => AskUntilAnsweredAsync(s_models[0]));
        var changed = await LaunchAfterAsync(async () =>
        {
            await StopByHandAsync();
            await LaunchByHandAsync(s_models[1]);
        });
        await AskUntilAnsweredAsync(s_models[1]);
        await StopByHandAsync();
        return new SwapTimes(launched, changed, live);
    }

    /// <summary>Three clicks: start, change, stop.</summary>
    public async Task<SwapTimes> ChangeByApplianceAsync()
    {
        var live = TimeSpan.Zero;
        var launched = await LaunchAfterAsync(async () => live = await FirstTokenAsync(() => SwapAsync(s_models[0])));
        var changed = await LaunchAfterAsync(() => SwapAsync(s_models[1]));
        using var stopped = await _client.PostAsJsonAsync("/api/stop", new { });
        stopped.EnsureSuccessStatusCode();
        await UntilAsync("/api/status", status => status.GetProperty("lanes")[0] is var lane && !Has(lane, "swap") && !Has(lane, "current"));
        return new SwapTimes(launched, changed, live);
    }

    public async ValueTask DisposeAsync()
    {
        _appliance.Kill();
        await _appliance.WaitForExitAsync();
        await _log;
        _appliance.Dispose();
        _client.Dispose();
        await _ssh.DisposeAsync();
        await _spark.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>From now until the launcher began on the host.</summary>
    private async Task<TimeSpan> LaunchAfterAsync(Func<Task> act)
    {
        var begin = TimeProvider.System.GetUtcNow();
        await act();
        return _spark.ReadLaunchStamp() - begin;
    }

    /// <summary>From the first token that the server generated until this is known here.</summary>
    private async Task<TimeSpan> FirstTokenAsync(Func<Task> untilKnown)
    {
        await untilKnown();
        var known = TimeProvider.System.GetUtcNow();
        return known - _spark.ReadFirstTokenStamp();
    }

    private Task StopByHandAsync() =>
        _ssh.RunAsync($"docker stop {Container} >/dev/null 2>&1; while docker ps -a --format '{{{{.Names}}}}' | grep -qx {Container}; do sleep 0.1; done");

    private Task LaunchByHandAsync(string model) => _ssh.RunAsync(
        $"cd ~/spark-vllm-docker && ./launch-cluster.sh --name {Container} --solo -d exec vllm serve {model} --host=0.0.0.0 --port={_handPort} --gpu-memory-utilization=0.5 >/dev/null 2>&1");

    private async Task AskUntilAnsweredAsync(string model)
    {
        using var limit = new CancellationTokenSource(s_limit, TimeProvider.System);
        while (true)
        {
            try
            {
                using var answer = await _client.PostAsJsonAsync(
                    new Uri($"http://127.0.0.1:{_handPort}/v1/chat/completions"), new { model, max_tokens = 1, messages = (object[])[new { role = "user", content = "Hello" }] }, limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(s_pause, TimeProvider.System, limit.Token);
        }
    }

    /// <summary>The click, and then the stream of the job until it says live.</summary>
    private async Task SwapAsync(string model)
    {
        using var answer = await _client.PostAsJsonAsync("/api/swap", new { model });
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The change to {model} was refused: {job}");
        }

        await using var stream = await _client.GetStreamAsync(job.GetProperty("events_url").GetString());
        using var lines = new StreamReader(stream);
        var last = "";
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal) && line.Contains("\"live\"", StringComparison.Ordinal))
            {
                return;
            }

            last = line.Length > 0 ? line : last;
        }

        throw new InvalidOperationException($"The change to {model} did not work: {last}");
    }

    private async Task WhenReadyAsync()
    {
        using var limit = new CancellationTokenSource(s_limit, TimeProvider.System);
        while (true)
        {
            try
            {
                await UntilAsync("/api/models", models => models.GetProperty("models").EnumerateArray().Count(model => model.GetProperty("state").GetString() == "ready") == s_models.Length);
                await UntilAsync("/api/status", status => status.GetProperty("lanes")[0].GetProperty("condition").GetProperty("state").GetString() == "stopped");
                return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
                await Task.Delay(s_pause, TimeProvider.System, limit.Token);
            }
        }
    }

    private async Task UntilAsync(string path, Func<JsonElement, bool> holds)
    {
        using var limit = new CancellationTokenSource(s_limit, TimeProvider.System);
        while (!holds(await _client.GetFromJsonAsync<JsonElement>(path, limit.Token)))
        {
            await Task.Delay(s_pause, TimeProvider.System, limit.Token);
        }
    }

    private static bool Has(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object;
}
