using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.View;
using Appliance.TestKit.Time;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

/// <summary>What a scheduler does: swap over HTTP and follow it, against the demo cluster.</summary>
public sealed class SwapFlowTests(ApplianceRun appliance) : IClassFixture<ApplianceRun>
{
    private HttpClient Client => appliance.Client;

    [Fact]
    public async Task Swap_is_accepted_followed_to_live_and_remembered()
    {
        var model = await FindOtherModelAsync();
        var plan = await PostAsync("/api/swap", new { model, dry_run = true }, HttpStatusCode.OK);
        plan.GetProperty("dry_run").GetBoolean().ShouldBeTrue();
        plan.GetProperty("hosts")[0].GetProperty("argv").EnumerateArray().Select(word => word.GetString()).ShouldContain("serve");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/swap") { Content = JsonContent.Create(new { model, note = "nightly" }) };
        request.Headers.Add("X-Requested-By", "night batch");
        request.Headers.Add("Idempotency-Key", "flow-1");
        using var answer = await Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var accepted = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var url = accepted.GetProperty("url").GetString()!;
        answer.Headers.Location!.ToString().ShouldBe(url);

        var events = await ReadStreamAsync($"{url}/events", after: null);
        events.ShouldNotBeEmpty();
        events.Select(item => item.Id).ShouldBe(events.Select(item => item.Id).Order());
        events[^1].Type.ShouldBe("state");
        events[^1].Data.GetProperty("state").GetString().ShouldBe("live", events[^1].Data.ToString());
        events.ShouldContain(item => item.Type == "log");

        var job = await Client.GetFromJsonAsync<JsonElement>(url);
        job.GetProperty("state").GetString().ShouldBe("live");
        job.GetProperty("requested_by").GetString().ShouldBe("night batch");
        job.GetProperty("note").GetString().ShouldBe("nightly");
        job.GetProperty("progress").GetDouble().ShouldBe(100);
        (await Client.GetFromJsonAsync<JsonElement>($"{url}/logs")).GetProperty("lines").GetArrayLength().ShouldBeGreaterThan(0);
        (await Client.GetFromJsonAsync<JsonElement>("/api/swap")).GetProperty("recent")[0].GetProperty("job_id").GetString()
            .ShouldBe(accepted.GetProperty("job_id").GetString());

        // A reader that was cut off goes on behind what it has.
        var middle = events[events.Count / 2];
        var rest = await ReadStreamAsync($"{url}/events", after: middle.Id);
        rest.ShouldNotBeEmpty();
        rest.ShouldAllBe(item => item.Id > middle.Id);

        // The same wish again is the same job; the wanted state already holds for a new one.
        (await PostAsync("/api/swap", new { model, note = "nightly" }, HttpStatusCode.Accepted, "flow-1")).GetProperty("job_id").GetString()
            .ShouldBe(accepted.GetProperty("job_id").GetString());
        (await PostAsync("/api/swap", new { model }, HttpStatusCode.OK)).GetProperty("state").GetString().ShouldBe("live");
        (await PostAsync($"{url}/cancel", new { }, HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("already_ended");
    }

    [Fact]
    public async Task Caller_may_wait_for_the_end()
    {
        var model = await FindOtherModelAsync();

        var job = await PostAsync("/api/swap", new { model, wait_seconds = 60 }, HttpStatusCode.OK);

        job.GetProperty("state").GetString().ShouldBe("live", job.ToString());
        job.GetProperty("requested_by").GetString().ShouldBe("a program on this machine");
    }

    private async Task<string> FindOtherModelAsync()
    {
        // Ready as soon as the disks were looked at and the running model was seen.
        var view = appliance.Get<ClusterView>();
        using var subscription = view.Subscribe();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var snapshot = subscription.Initial;
        await using var later = subscription.ReadAllAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        while (Candidate(snapshot) is null)
        {
            (await later.MoveNextAsync()).ShouldBeTrue();
            snapshot = later.Current;
        }

        return Candidate(snapshot)!;
    }

    private static string? Candidate(ClusterSnapshot snapshot) =>
        snapshot is { ModelsAreKnown: true, MainLane: { Serving: not null, Swap: null } }
            ? snapshot.Models.FirstOrDefault(card => card is { State: Cluster.Models.ModelState.Ready, Recipe: not null, Fit.IsOk: true })?.Id.Value
            : null;

    private async Task<JsonElement> PostAsync(string path, object body, HttpStatusCode expected, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await Client.SendAsync(request).DefaultTimeout();
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private async Task<IReadOnlyList<StreamItem>> ReadStreamAsync(string path, long? after) =>
        await EventReader.ReadToEndAsync(Client, path, after).DefaultTimeout();
}
