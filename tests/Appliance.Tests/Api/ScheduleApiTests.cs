using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

[Collection(ApplianceTests.Name)]
public sealed class ScheduleApiTests(ApplianceRun appliance)
{
    private HttpClient Client => appliance.Client;

    [Fact]
    public async Task Plan_is_registered_read_replaced_and_removed()
    {
        using var created = await Client.PostAsJsonAsync(
            "/api/schedule", new { id = "api-digest", owner = "digest", name = "Nightly digest", model = "x", cron = "0 2 * * *", duration_minutes = 30, note = "n" });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.OriginalString.ShouldBe("/api/schedule/api-digest");
        var plan = await created.Content.ReadFromJsonAsync<JsonElement>();
        plan.GetProperty("next_run_at").GetDateTimeOffset().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());

        using var replaced = await Client.PutAsJsonAsync(
            "/api/schedule/api-digest", new { owner = "digest", name = "Digest", at = "2020-01-01T00:00:00Z", duration_minutes = 30 });
        replaced.StatusCode.ShouldBe(HttpStatusCode.OK);

        var listed = (await Client.GetFromJsonAsync<JsonElement>("/api/schedule")).GetProperty("schedules").EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == "api-digest");
        listed.GetProperty("name").GetString().ShouldBe("Digest");
        foreach (var absent in new[] { "cron", "model", "note", "next_run_at", "running_until" })
        {
            listed.TryGetProperty(absent, out _).ShouldBeFalse(absent);
        }

        using var removed = await Client.DeleteAsync(new Uri("/api/schedule/api-digest", UriKind.Relative));
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var again = await Client.DeleteAsync(new Uri("/api/schedule/api-digest", UriKind.Relative));
        (await ProblemAsync(again, HttpStatusCode.NotFound)).GetProperty("code").GetString().ShouldBe("unknown_schedule");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        using var answer = await Client.PutAsJsonAsync("/api/schedule/No_Slug", new { owner = "", cron = "x", duration_minutes = 0 });

        var problem = await ProblemAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem.GetProperty("code").GetString().ShouldBe("invalid_schedule");
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString())
            .ShouldBe(["id", "owner", "name", "cron", "duration_minutes"]);
        problem.GetProperty("errors")[0].GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Id_that_is_there_is_refused_and_plans_in_each_others_way_are_named()
    {
        foreach (var (id, model) in new[] { ("api-one", "large"), ("api-two", "small") })
        {
            using var created = await Client.PostAsJsonAsync("/api/schedule", new { id, owner = "Bob", name = id, model, cron = "0 4 * * *", duration_minutes = 30 });
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        using var twice = await Client.PostAsJsonAsync("/api/schedule", new { id = "api-one", owner = "Bob", name = "x", cron = "0 4 * * *", duration_minutes = 30 });
        (await ProblemAsync(twice, HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("schedule_exists");

        var listed = await Client.GetFromJsonAsync<JsonElement>("/api/schedule");
        var conflict = listed.GetProperty("conflicts").EnumerateArray().Single();
        new[] { conflict.GetProperty("first").GetString(), conflict.GetProperty("second").GetString() }.ShouldBe(["api-one", "api-two"], ignoreOrder: true);
        listed.GetProperty("time_zone").GetString().ShouldNotBeNullOrWhiteSpace();

        foreach (var id in new[] { "api-one", "api-two" })
        {
            using var removed = await Client.DeleteAsync(new Uri($"/api/schedule/{id}", UriKind.Relative));
        }
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
