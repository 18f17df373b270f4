using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Reservations;

/// <summary>The reservation lock over HTTP: every status, every refusal, every bad input.</summary>
public sealed class LockApiTests : IAsyncLifetime
{
    private const string Lock = "/api/swap/lock";
    private LivingAppliance _appliance = null!;

    public async Task InitializeAsync() => _appliance = await LivingAppliance.StartAsync();

    public async Task DisposeAsync() => await _appliance.DisposeAsync();

    [Fact]
    public async Task A_lane_is_reserved_shown_extended_and_given_back()
    {
        var granted = await OkAsync(HttpMethod.Post, Lock, new { holder = "nightly", ttl_seconds = 600, note = "evaluation" });
        var token = granted.GetProperty("token").GetString()!;
        token.Length.ShouldBe(43);
        ShouldBeHeld(granted, "nightly", 600);
        granted.GetProperty("note").GetString().ShouldBe("evaluation");
        granted.GetProperty("acquired_at").GetDateTimeOffset().ShouldBe(_appliance.Clock.GetUtcNow());

        _appliance.Clock.Advance(TimeSpan.FromSeconds(100.5));
        var shown = await OkAsync(HttpMethod.Get, Lock);
        ShouldBeHeld(shown, "nightly", 500);
        shown.TryGetProperty("token", out _).ShouldBeFalse();
        shown.GetProperty("epoch").GetInt64().ShouldBe(granted.GetProperty("epoch").GetInt64());
        var status = await OkAsync(HttpMethod.Get, "/api/status");
        ShouldBeHeld(status.GetProperty("lock"), "nightly", 500);
        ShouldBeHeld(status.GetProperty("lanes")[0].GetProperty("lock"), "nightly", 500);
        status.ToString().ShouldNotContain(token);

        var extended = await OkAsync(HttpMethod.Post, Lock, new { holder = "nightly", ttl_seconds = 900, token });
        ShouldBeHeld(extended, "nightly", 900);
        extended.GetProperty("token").GetString().ShouldBe(token);
        extended.GetProperty("note").GetString().ShouldBe("evaluation");
        ShouldBeHeld(await OkAsync(HttpMethod.Post, Lock, new { holder = "nightly" }, token), "nightly", 900);

        (await OkAsync(HttpMethod.Delete, Lock, token: token)).ToString().ShouldBe("""{"held":false}""");
        (await OkAsync(HttpMethod.Get, Lock)).ToString().ShouldBe("""{"held":false}""");
        (await OkAsync(HttpMethod.Get, "/api/status")).GetProperty("lock").GetProperty("held").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Another_holder_is_refused_with_the_lock_and_when_to_come_back()
    {
        var token = await ReserveAsync("nightly", 600);

        var (status, body, answer) = await _appliance.SendAsync(HttpMethod.Post, Lock, new { holder = "other" });

        status.ShouldBe(409);
        Code(body).ShouldBe("lock_held");
        ShouldBeHeld(body.GetProperty("lock"), "nightly", 600);
        body.ToString().ShouldNotContain("token\"");
        body.ToString().ShouldNotContain(token);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(600));
        await RefusedAsync(409, "lock_held", HttpMethod.Post, Lock, new { holder = "nightly" });
        await RefusedAsync(409, "lock_held", HttpMethod.Post, Lock, new { holder = "nightly", token = "guess" });
    }

    [Fact]
    public async Task I10_every_start_stop_and_swap_without_the_token_is_locked_with_who_and_until_when()
    {
        await ReserveAsync("nightly", 600, "evaluation");

        foreach (var (path, body) in new (string, object)[]
        {
            ("/api/swap", new { model = "google--gemma-4-26b-a4b-it" }), ("/api/swap", new { model = "unknown" }),
            ("/api/swap", new { model = "unknown", dry_run = true }), ("/api/swap", new { model = "unknown", queue = true }),
            ("/api/stop", new { }), ("/api/stop", new { token = "" }),
        })
        {
            var (status, refusal, answer) = await _appliance.SendAsync(HttpMethod.Post, path, body);

            status.ShouldBe(423, path);
            Code(refusal).ShouldBe("swap_locked");
            refusal.GetProperty("holder").GetString().ShouldBe("nightly");
            refusal.GetProperty("note").GetString().ShouldBe("evaluation");
            refusal.GetProperty("seconds_remaining").GetInt64().ShouldBe(600);
            refusal.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(_appliance.Clock.GetUtcNow().AddSeconds(600));
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(600));
        }
    }

    [Fact]
    public async Task The_token_passes_in_the_header_and_in_the_body_and_a_wrong_one_is_always_the_same_refusal()
    {
        var former = await ReserveAsync("former", 600);
        await OkAsync(HttpMethod.Delete, Lock, token: former);
        var foreign = (await OkAsync(HttpMethod.Post, Lock, new { holder = "nightly", lane = "small" })).GetProperty("token").GetString()!;
        var token = await ReserveAsync("nightly", 600);

        await RefusedAsync(404, "unknown_model", HttpMethod.Post, "/api/swap", new { model = "unknown" }, token);
        await RefusedAsync(404, "unknown_model", HttpMethod.Post, "/api/swap", new { model = "unknown", token });
        var refusals = new List<string>();
        foreach (var wrong in new[] { former, foreign, "guess", token.ToUpperInvariant(), new string('x', 5000) })
        {
            refusals.Add(Words(await RefusedAsync(403, "wrong_token", HttpMethod.Post, "/api/swap", new { model = "unknown", token = wrong })));
            refusals.Add(Words(await RefusedAsync(403, "wrong_token", HttpMethod.Post, "/api/stop", new { }, wrong)));
        }

        await OkAsync(HttpMethod.Delete, Lock, token: token);
        refusals.Add(Words(await RefusedAsync(403, "wrong_token", HttpMethod.Post, "/api/swap", new { model = "unknown", token })));
        refusals.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Giving_back_is_idempotent_for_its_token_and_never_frees_a_successor()
    {
        var first = await ReserveAsync("first", 600);
        await OkAsync(HttpMethod.Delete, Lock, new { token = first });
        (await OkAsync(HttpMethod.Delete, Lock, new { token = first })).GetProperty("held").GetBoolean().ShouldBeFalse();
        (await OkAsync(HttpMethod.Delete, Lock)).GetProperty("held").GetBoolean().ShouldBeFalse();
        var second = await ReserveAsync("second", 600);

        ShouldBeHeld(await OkAsync(HttpMethod.Delete, Lock, token: first), "second", 600);
        await RefusedAsync(403, "wrong_token", HttpMethod.Delete, Lock, token: "guess");
        await RefusedAsync(403, "wrong_token", HttpMethod.Delete, Lock);
        await RefusedAsync(403, "wrong_token", HttpMethod.Delete, $"{Lock}?force=false");
        ShouldBeHeld(await OkAsync(HttpMethod.Get, Lock), "second", 600);
        await OkAsync(HttpMethod.Delete, Lock, token: second);
    }

    [Fact]
    public async Task A_forced_release_is_told_raises_the_epoch_and_fences_the_old_token()
    {
        var granted = await OkAsync(HttpMethod.Post, Lock, new { holder = "nightly" });
        var (token, epoch) = (granted.GetProperty("token").GetString()!, granted.GetProperty("epoch").GetInt64());

        var (status, body, _) = await _appliance.SendAsync(HttpMethod.Delete, $"{Lock}?force=true", by: "Alice");
        (status, body.GetProperty("held").GetBoolean()).ShouldBe((200, false));

        var forced = (await OkAsync(HttpMethod.Get, "/api/events/history?type=lock_forced")).GetProperty("events")[0];
        forced.GetProperty("details").GetProperty("by").GetString().ShouldBe("Alice");
        forced.GetProperty("details").GetProperty("holder").GetString().ShouldBe("nightly");
        forced.GetProperty("severity").GetString().ShouldBe("warning");
        await RefusedAsync(403, "wrong_token", HttpMethod.Post, "/api/stop", new { token });
        await RefusedAsync(409, "lock_lost", HttpMethod.Post, Lock, new { holder = "nightly", token });
        (await OkAsync(HttpMethod.Post, Lock, new { holder = "next" })).GetProperty("epoch").GetInt64().ShouldBe(epoch + 2);
    }

    [Fact]
    public async Task One_that_runs_out_is_over_at_once_and_the_next_gets_it_after_a_moment()
    {
        var token = await ReserveAsync("nightly", 10);
        _appliance.Clock.JumpWallClock(TimeSpan.FromDays(3));
        _appliance.Clock.Advance(TimeSpan.FromSeconds(9.9));
        ShouldBeHeld(await OkAsync(HttpMethod.Get, Lock), "nightly", 1);
        _appliance.Clock.Advance(TimeSpan.FromSeconds(0.1));

        (await OkAsync(HttpMethod.Get, Lock)).GetProperty("held").GetBoolean().ShouldBeFalse();
        await RefusedAsync(409, "lock_lost", HttpMethod.Post, Lock, new { holder = "nightly", token });
        await RefusedAsync(403, "wrong_token", HttpMethod.Post, "/api/stop", new { token });
        var (status, body, answer) = await _appliance.SendAsync(HttpMethod.Post, Lock, new { holder = "other" });
        (status, Code(body), answer.Headers.RetryAfter!.Delta).ShouldBe((409, "lock_settling", TimeSpan.FromSeconds(1)));
        _appliance.Clock.Advance(TimeSpan.FromSeconds(1));
        await ReserveAsync("other", 600);
        (await OkAsync(HttpMethod.Get, "/api/events/history?type=lock_expired")).GetProperty("events").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_reservation_survives_a_restart_of_the_appliance()
    {
        var token = await ReserveAsync("nightly", 600);
        _appliance.Clock.Advance(TimeSpan.FromSeconds(599));
        await _appliance.StopAsync();
        await _appliance.StartAgainAsync();

        ShouldBeHeld(await OkAsync(HttpMethod.Get, Lock), "nightly", 600);
        await RefusedAsync(423, "swap_locked", HttpMethod.Post, "/api/stop", new { });
        await RefusedAsync(404, "unknown_model", HttpMethod.Post, "/api/swap", new { model = "unknown", token });
        ShouldBeHeld(await OkAsync(HttpMethod.Post, Lock, new { holder = "nightly", ttl_seconds = 60, token }), "nightly", 60);
    }

    [Fact]
    public async Task Each_lane_has_its_own_lock()
    {
        var small = (await OkAsync(HttpMethod.Post, Lock, new { holder = "nightly", lane = "small" })).GetProperty("token").GetString()!;

        (await OkAsync(HttpMethod.Get, Lock)).GetProperty("held").GetBoolean().ShouldBeFalse();
        ShouldBeHeld(await OkAsync(HttpMethod.Get, $"{Lock}?lane=small"), "nightly", 900);
        await RefusedAsync(423, "swap_locked", HttpMethod.Post, "/api/stop", new { lane = "small" });
        await RefusedAsync(404, "unknown_model", HttpMethod.Post, "/api/swap", new { model = "unknown" });
        await OkAsync(HttpMethod.Delete, $"{Lock}?lane=small", token: small);
        (await OkAsync(HttpMethod.Get, $"{Lock}?lane=small")).GetProperty("held").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("-1", 1)]
    [InlineData("0", 1)]
    [InlineData("1e9", 86400)]
    [InlineData("1e999", 86400)]
    [InlineData("12.5", 13)]
    [InlineData("null", 900)]
    public async Task Ttl_is_clamped(string ttl, long seconds)
    {
        var (status, body, _) = await _appliance.SendAsync(HttpMethod.Post, Lock, Json($$"""{"holder":"nightly","ttl_seconds":{{ttl}}}"""));

        status.ShouldBe(200, body.ToString());
        ShouldBeHeld(body, "nightly", seconds);
    }

    [Theory]
    [InlineData("""{"holder":"nightly","ttl_seconds":"abc"}""", 400, "bad_json")]
    [InlineData("""{"holder":"nightly","ttl_seconds":true}""", 400, "bad_json")]
    [InlineData("""{"holder":17}""", 400, "bad_json")]
    [InlineData("""{"holder":"nightly"}x""", 400, "bad_json")]
    [InlineData("""{"holder":""", 400, "bad_json")]
    [InlineData("null", 400, "bad_request")]
    [InlineData("", 400, "bad_request")]
    [InlineData("[]", 400, "bad_json")]
    [InlineData("{}", 400, "bad_field")]
    [InlineData("""{"holder":"  "}""", 400, "bad_field")]
    [InlineData("""{"holder":"\u202e\u0007"}""", 400, "bad_field")]
    [InlineData("""{"holder":"nightly","lane":"../etc"}""", 400, "bad_field")]
    [InlineData("""{"holder":"nightly","lane":"attic"}""", 404, "unknown_lane")]
    public async Task Bad_wishes_are_refused_in_words_and_change_nothing(string body, int expected, string code)
    {
        var (status, refusal, answer) = await _appliance.SendAsync(HttpMethod.Post, Lock, Json(body));

        (status, refusal.ValueKind == JsonValueKind.Object ? Code(refusal) : "").ShouldBe((expected, code), refusal.ToString());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        refusal.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        (await OkAsync(HttpMethod.Get, Lock)).GetProperty("held").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET", $"{Lock}?lane=../etc", 400, "bad_field")]
    [InlineData("GET", $"{Lock}?lane=attic", 404, "unknown_lane")]
    [InlineData("DELETE", $"{Lock}?lane=attic", 404, "unknown_lane")]
    [InlineData("DELETE", $"{Lock}?lane=a%20b", 400, "bad_field")]
    [InlineData("DELETE", $"{Lock}?force=perhaps", 400, "bad_field")]
    [InlineData("PUT", Lock, 405, "method_not_allowed")]
    public async Task Bad_addresses_are_refused_in_words(string method, string path, int status, string code) =>
        await RefusedAsync(status, code, HttpMethod.Parse(method), path);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_large_body_is_refused_and_who_sends_it_sees_why(bool asksFirst)
    {
        using var large = Json($$"""{"holder":"{{new string('x', 10 << 20)}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, Lock) { Content = large };
        request.Headers.ExpectContinue = asksFirst;

        using var answer = await _appliance.Client.SendAsync(request).DefaultTimeout();

        ((int)answer.StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task Foreign_bodies_are_refused()
    {
        using var form = new FormUrlEncodedContent([new("holder", "nightly")]);
        (await _appliance.SendAsync(HttpMethod.Post, Lock, form)).Status.ShouldBe(415);
        using var text = new StringContent("{}", Encoding.UTF8, "text/plain");
        (await _appliance.SendAsync(HttpMethod.Delete, Lock, text)).Status.ShouldBe(415);
    }

    [Fact]
    public async Task What_holders_call_themselves_is_cleaned_before_anybody_sees_it()
    {
        var granted = await OkAsync(HttpMethod.Post, Lock, new { holder = "\u202Eevil\n" + new string('x', 300), note = "\u0000one\ntwo\u2066" });

        granted.GetProperty("holder").GetString().ShouldBe("evil " + new string('x', 59));
        granted.GetProperty("note").GetString().ShouldBe("one two");
    }

    [Fact]
    public async Task T29_no_token_is_written_into_a_log_or_an_event()
    {
        var token = await ReserveAsync("nightly", 600);
        await _appliance.SendAsync(HttpMethod.Post, "/api/stop", new { token = token + "x" });
        await OkAsync(HttpMethod.Delete, Lock, token: token);
        (await OkAsync(HttpMethod.Get, "/api/events/history")).ToString().ShouldNotContain(token);
        await _appliance.StopAsync();

        foreach (var file in Directory.GetFiles(_appliance.DataDirectory, "*", SearchOption.AllDirectories))
        {
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(token, Case.Sensitive, file);
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>All of it but the ids of the request.</summary>
    private static string Words(JsonElement problem) =>
        string.Join('\n', problem.EnumerateObject().Where(field => field.Name is not ("trace_id" or "request_id")).Select(field => field.ToString()));

    private static string Code(JsonElement problem) => problem.GetProperty("code").GetString()!;

    private void ShouldBeHeld(JsonElement wire, string holder, long seconds)
    {
        wire.GetProperty("held").GetBoolean().ShouldBeTrue();
        wire.GetProperty("holder").GetString().ShouldBe(holder);
        wire.GetProperty("seconds_remaining").GetInt64().ShouldBe(seconds);
        var left = wire.GetProperty("expires_at").GetDateTimeOffset() - _appliance.Clock.GetUtcNow();
        Math.Ceiling(left.TotalSeconds).ToString(CultureInfo.InvariantCulture).ShouldBe(seconds.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<string> ReserveAsync(string holder, double ttl, string? note = null) =>
        (await OkAsync(HttpMethod.Post, Lock, new { holder, ttl_seconds = ttl, note })).GetProperty("token").GetString()!;

    private async Task<JsonElement> OkAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        var (status, answer, _) = await _appliance.SendAsync(method, path, body, token);
        status.ShouldBe((int)HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    private async Task<JsonElement> RefusedAsync(int expected, string code, HttpMethod method, string path, object? body = null, string? token = null)
    {
        var (status, problem, _) = await _appliance.SendAsync(method, path, body, token);
        (status, Code(problem)).ShouldBe((expected, code), problem.ToString());
        return problem;
    }
}
