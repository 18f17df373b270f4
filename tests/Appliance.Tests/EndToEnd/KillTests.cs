using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Storage;
using Appliance.TestKit.Files;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Webhooks;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Appliance.Tests.EndToEnd;

/// <summary>F-24: the appliance is killed at random moments of changes on a real sshd, and started again.</summary>
public sealed class KillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Kills = 10;
    private static readonly string[] Models = ["example-org/Small-8B-Instruct", "example-org/Vision-8B"];
    private static readonly string[] Terminal = ["live", "failed", "rolled_back", "cancelled"];

    private readonly TemporaryFolder _data = new();
    private readonly int _modelPort = FakeSpark.FreePort();
    private FakeSpark _spark = null!;
    private HookReceiver _receiver = null!;
    private ApplianceProcess _appliance = null!;

    public async Task InitializeAsync()
    {
        _spark = await FakeSpark.StartAsync();
        _receiver = await HookReceiver.StartAsync();
        await File.WriteAllTextAsync(
            _data.File("models.yaml"),
            """
            recipes:
              - repo: example-org/Vision-8B
                name: Vision 8B
                placement: solo
                capabilities: [chat, vision]
                args: [--gpu-memory-utilization=0.5]
              - repo: example-org/Small-8B-Instruct
                name: Small 8B
                placement: solo
                capabilities: [chat]
                args: [--gpu-memory-utilization=0.5]
            """);
        _appliance = new ApplianceProcess(_spark, new DataDirectory(_data.Path), _modelPort) { Webhook = _receiver.Address };
    }

    public async Task DisposeAsync()
    {
        await _appliance.DisposeAsync();
        await _receiver.DisposeAsync();
        await _spark.DisposeAsync();
        _data.Dispose();
    }

    [Theory]
    [InlineData(20261126)]
    [InlineData(4711)]
    public async Task An_appliance_that_is_killed_again_and_again_loses_nothing_and_starts_nothing_twice(int seed)
    {
        var random = new Random(seed);
        var acknowledged = new List<string>();
        await KeyPair.LetInAsync(new DataDirectory(_data.Path).SshKey, _spark.Sshd);
        await _appliance.StartAsync();

        for (var kill = 0; kill < Kills; kill++)
        {
            if (await AskAsync(Models[random.Next(Models.Length)]) is { } job)
            {
                acknowledged.Add(job);
            }

            // Half of the kills fall into the first steps; a change takes some seconds here.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2) == 0 ? random.Next(600) : random.Next(5000)), TimeProvider.System, CancellationToken.None);
            output.WriteLine($"kill {kill} at {await DescribeAsync()}");
            await _appliance.KillAsync();
            if (random.Next(4) == 0)
            {
                // Once more, while it starts.
                _appliance.Start();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2000)), TimeProvider.System, CancellationToken.None);
                await _appliance.KillAsync();
            }

            await _appliance.StartAsync();
        }

        acknowledged.ShouldNotBeEmpty();
        var jobs = new List<JsonElement>();
        foreach (var job in acknowledged)
        {
            jobs.Add(await WhenAsync($"/api/swap/{job}", answer => Terminal.Contains(answer.GetProperty("state").GetString())));
        }

        await ShouldServeOneModelAsync();
        await ShouldTellEveryEndOnceAsync(acknowledged);
        await ShouldSendEveryEndUnderOneIdAsync(jobs);
        ShouldHaveLaunchedEachServerOnce();
        jobs.Count(job => job.GetProperty("state").GetString() == "live").ShouldBeGreaterThan(0, string.Join('\n', jobs));
    }

    /// <summary>Asks for a model; the id of the job when it was acknowledged.</summary>
    private async Task<string?> AskAsync(string model)
    {
        await WhenAsync("/api/models", models => models.GetProperty("models").EnumerateArray().Count(known => known.GetProperty("state").GetString() != "needs_setup") == Models.Length);
        using var answer = await _appliance.Client.PostAsJsonAsync("/api/swap", new { model });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        output.WriteLine($"asked for {model}: {(int)answer.StatusCode}");
        return answer.StatusCode == HttpStatusCode.Accepted ? body.GetProperty("job_id").GetString() : null;
    }

    private async Task<string> DescribeAsync()
    {
        var swaps = await GetAsync("/api/swap");
        return swaps.TryGetProperty("current", out var current) && current.ValueKind == JsonValueKind.Object ? current.GetProperty("state").GetString()! : "rest";
    }

    private async Task ShouldServeOneModelAsync()
    {
        var status = await WhenAsync("/api/status", status => Has(status, "current") && !Has(status, "swap"));
        using var direct = new HttpClient();
        var models = await direct.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_modelPort}/v1/models"));
        var serving = models.GetProperty("data")[0].GetProperty("root").GetString()!;

        status.GetProperty("current").GetProperty("id").GetString().ShouldBe(serving.Replace("/", "--").ToLowerInvariant());
        _spark.CountServers().ShouldBe(1);
    }

    private async Task ShouldTellEveryEndOnceAsync(IEnumerable<string> acknowledged)
    {
        var events = (await GetAsync("/api/events/history?after=0&limit=1000")).GetProperty("events").EnumerateArray()
            .Where(happened => happened.TryGetProperty("corr_id", out var job) && job.ValueKind == JsonValueKind.String)
            .ToLookup(happened => happened.GetProperty("corr_id").GetString()!, happened => happened.GetProperty("event").GetString()!);
        foreach (var job in acknowledged)
        {
            events[job].Count(name => name == "swap_started").ShouldBe(1, job);
        }

        // Also of jobs whose acknowledgement was lost with the appliance.
        foreach (var job in events)
        {
            job.Count(name => name is "swap_complete" or "swap_failed").ShouldBe(1, job.Key);
        }
    }

    /// <summary>A message may come twice, when the answer to it was lost with the appliance: then its receiver knows it again by its id.</summary>
    private async Task ShouldSendEveryEndUnderOneIdAsync(IReadOnlyList<JsonElement> jobs)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        while (jobs.FirstOrDefault(job => !Sent(job).Any()) is { ValueKind: JsonValueKind.Object })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }

        foreach (var job in jobs)
        {
            var messages = Sent(job).ToArray();
            messages.Select(message => message.Id).Distinct().Count().ShouldBe(1);
            messages.ShouldAllBe(message => message.Json.GetProperty("event").GetString() == (job.GetProperty("state").GetString() == "live" ? "swap_complete" : "swap_failed"));
        }

        IEnumerable<ReceivedHook> Sent(JsonElement job) =>
            _receiver.Received.Where(message => message.Json.GetProperty("job_id").GetString() == job.GetProperty("job_id").GetString());
    }

    /// <summary>A second server in a container that runs is what the launcher does when it is called twice.</summary>
    private void ShouldHaveLaunchedEachServerOnce()
    {
        var sinceRun = 1;
        foreach (var call in _spark.ReadDockerCalls())
        {
            sinceRun = call[0] switch
            {
                "run" => 0,
                "exec" when call.Contains("-d") => sinceRun + 1,
                _ => sinceRun,
            };
            sinceRun.ShouldBeLessThanOrEqualTo(1);
        }
    }

    private static bool Has(JsonElement status, string name) => status.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object;

    private async Task<JsonElement> GetAsync(string path) => await _appliance.Client.GetFromJsonAsync<JsonElement>(path);

    private async Task<JsonElement> WhenAsync(string path, Func<JsonElement, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
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
