using System.Text.Json;
using Appliance.Cluster.Models;
using Appliance.Cluster.View;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Reservations;

/// <summary>Starts, stops and cancels on a reserved lane, with and without the token. The demo's machines stand still unless the test moves the clock.</summary>
public sealed class SwapUnderLockTests : IAsyncLifetime
{
    private LivingAppliance _appliance = null!;
    private string _model = "";

    public async Task InitializeAsync()
    {
        _appliance = await LivingAppliance.StartAsync();
        _model = await WhenAsync(Candidate);
    }

    public async Task DisposeAsync() => await _appliance.DisposeAsync();

    [Fact]
    public async Task The_holder_swaps_with_its_token_and_others_do_not()
    {
        var token = await ReserveAsync();
        (await SendAsync("/api/swap", new { model = _model })).Status.ShouldBe(423);
        (await SendAsync("/api/swap", new { model = _model, dry_run = true, token })).Status.ShouldBe(200);

        var (status, accepted) = await SendAsync("/api/swap", new { model = _model, token });
        status.ShouldBe(202, accepted.ToString());

        await WhenAsync(snapshot => snapshot.MainLane is { Swap: null, LastSwap.State: Cluster.Swaps.SwapState.Live } ? "live" : null);
        (await SendAsync("/api/stop", new { })).Status.ShouldBe(423);
        (await _appliance.SendAsync(HttpMethod.Post, "/api/stop", new { }, token)).Status.ShouldBe(202);
    }

    [Fact]
    public async Task Force_ends_the_reservation_first_and_the_old_holder_is_fenced()
    {
        var token = await ReserveAsync();
        var plan = (await SendAsync("/api/swap", new { model = _model, dry_run = true, force = true })).Body;
        plan.GetProperty("ends_reservation_of").GetString().ShouldBe("nightly");
        (await LockAsync()).GetProperty("held").GetBoolean().ShouldBeTrue();

        var (status, accepted, _) = await _appliance.SendAsync(HttpMethod.Post, "/api/swap", new { model = _model, force = true }, by: "Alice");

        status.ShouldBe(202, accepted.ToString());
        (await LockAsync()).GetProperty("held").GetBoolean().ShouldBeFalse();
        var events = (await _appliance.SendAsync(HttpMethod.Get, "/api/events/history")).Body.GetProperty("events").EnumerateArray().ToArray();
        var forced = events.Single(happened => happened.GetProperty("event").GetString() == "lock_forced");
        forced.GetProperty("details").GetProperty("by").GetString().ShouldBe("Alice");
        var job = (await _appliance.SendAsync(HttpMethod.Get, accepted.GetProperty("url").GetString()!)).Body;
        job.GetProperty("epoch").GetInt64().ShouldBeGreaterThan(long.Parse(forced.GetProperty("details").GetProperty("epoch").GetString()!));
        (await SendAsync($"{accepted.GetProperty("url").GetString()}/cancel", new { }, token)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Force_that_starts_nothing_ends_nothing()
    {
        await ReserveAsync();

        (await SendAsync("/api/swap", new { model = "unknown", force = true })).Status.ShouldBe(404);
        var live = await WhenAsync(snapshot => snapshot.MainLane!.Serving?.Id?.Value);
        (await SendAsync("/api/swap", new { model = live, force = true })).Status.ShouldBe(200);

        (await LockAsync()).GetProperty("held").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_takes_force_too()
    {
        await ReserveAsync();

        (await SendAsync("/api/stop", new { force = true })).Status.ShouldBe(202);

        (await LockAsync()).GetProperty("held").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_without_the_token_cancels_nothing_on_a_reserved_lane_and_a_person_may()
    {
        var url = (await SendAsync("/api/swap", new { model = _model })).Body.GetProperty("url").GetString()!;
        await ReserveAsync();

        (await SendAsync($"{url}/cancel", new { })).Status.ShouldBe(423);
        (await SendAsync($"{url}/cancel", new { }, "guess")).Status.ShouldBe(403);
        (await SendAsync($"{url}/cancel?force=perhaps", new { })).Status.ShouldBe(400);
        (await SendAsync($"{url}/cancel?force=true", new { })).Status.ShouldBe(202);

        (await LockAsync()).GetProperty("held").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_idempotency_key_answers_the_same_job_although_the_lane_was_reserved_meanwhile()
    {
        var first = await KeyedAsync();
        await ReserveAsync();

        (await KeyedAsync()).GetProperty("job_id").GetString().ShouldBe(first.GetProperty("job_id").GetString());
    }

    private async Task<JsonElement> KeyedAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/swap") { Content = System.Net.Http.Json.JsonContent.Create(new { model = _model }) };
        request.Headers.Add("Idempotency-Key", "once");
        using var answer = await _appliance.Client.SendAsync(request).DefaultTimeout();
        ((int)answer.StatusCode).ShouldBe(202);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone();
    }

    private async Task<string> ReserveAsync() =>
        (await SendAsync("/api/swap/lock", new { holder = "nightly", ttl_seconds = 86_400 })).Body.GetProperty("token").GetString()!;

    private async Task<JsonElement> LockAsync() => (await _appliance.SendAsync(HttpMethod.Get, "/api/swap/lock")).Body;

    private async Task<(int Status, JsonElement Body)> SendAsync(string path, object body, string? token = null)
    {
        var (status, answer, _) = await _appliance.SendAsync(HttpMethod.Post, path, body, token);
        return (status, answer);
    }

    private static string? Candidate(ClusterSnapshot snapshot) =>
        snapshot is { ModelsAreKnown: true, MainLane: { Serving: { } serving, Swap: null } }
            ? snapshot.Models.FirstOrDefault(card => card is { State: ModelState.Ready, Recipe: not null, Fit.IsOk: true } && card.Id != serving.Id)?.Id.Value
            : null;

    /// <summary>Moves the clock from timer to timer until something is there.</summary>
    private async Task<string> WhenAsync(Func<ClusterSnapshot, string?> find)
    {
        var view = _appliance.Get<ClusterView>();
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60))
        {
            if (find(view.Current) is { } found)
            {
                return found;
            }

            _appliance.Clock.AdvanceToNextTimer(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        throw new TimeoutException(view.Current.Headline);
    }
}
