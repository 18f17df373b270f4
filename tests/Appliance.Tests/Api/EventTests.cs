using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Appliance.Cluster.Events;
using Appliance.TestKit.Time;
using Appliance.Tests.Running;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Api;

[Collection(ApplianceTests.Name)]
public sealed class EventTests(ApplianceRun appliance)
{
    private const string Kind = EventTypes.StoreRecovered;

    [Fact]
    public async Task Reader_gets_what_comes_and_goes_on_behind_what_it_has()
    {
        var first = await AppendAsync("one");
        var second = await AppendAsync("two");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);

        await using var resumed = Read(first.Id, limit.Token);
        (await NextOfAsync(resumed)).Id.ShouldBe(second.Id);

        await using var fresh = Read(null, limit.Token);
        var next = NextOfAsync(fresh);
        // The answer begins before the reader is behind the newest event, so one more may be needed.
        var third = await AppendAsync("three");
        (await NextOfAsync(resumed)).Data.GetProperty("sentence").GetString().ShouldBe("three");
        while (!next.IsCompleted)
        {
            await AppendAsync("more");
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token));
        }

        (await next.DefaultTimeout()).Id.ShouldBeGreaterThanOrEqualTo(third.Id);
    }

    [Fact]
    public async Task History_is_paged_newest_last()
    {
        var first = await AppendAsync("a");
        await AppendAsync("b");
        await AppendAsync("c");

        var page = await appliance.Client.GetFromJsonAsync<JsonElement>($"/api/events/history?after={first.Id}&type={Kind}&limit=1");

        page.GetProperty("events").GetArrayLength().ShouldBe(1);
        page.GetProperty("events")[0].GetProperty("id").GetInt64().ShouldBe(page.GetProperty("next_after").GetInt64());
        page.GetProperty("next_after").GetInt64().ShouldBeGreaterThan(first.Id);
        page.GetProperty("events")[0].GetProperty("schema").GetInt32().ShouldBe(ApplianceEvent.SchemaVersion);
    }

    [Fact]
    public async Task History_without_a_place_is_what_happened_last_newest_last()
    {
        await AppendAsync("a");
        var second = await AppendAsync("b");
        var third = await AppendAsync("c");

        var page = await appliance.Client.GetFromJsonAsync<JsonElement>($"/api/events/history?type={Kind}&limit=2");

        page.GetProperty("events").EnumerateArray().Select(happened => happened.GetProperty("id").GetInt64()).ShouldBe([second.Id, third.Id]);
        page.GetProperty("next_after").GetInt64().ShouldBe(third.Id);
    }

    [Theory]
    [InlineData("after=-1")]
    [InlineData("after=x")]
    [InlineData("after=9223372036854775808")]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=ten")]
    [InlineData("type=made_up")]
    public async Task History_that_cannot_be_asked_for_is_refused_in_words(string query)
    {
        using var answer = await appliance.Client.GetAsync(new Uri($"/api/events/history?{query}", UriKind.Relative));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    private IAsyncEnumerator<StreamItem> Read(long? after, CancellationToken cancellationToken) =>
        EventReader.ReadAsync(appliance.Client, "/api/events", after, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private static async Task<StreamItem> NextOfAsync(IAsyncEnumerator<StreamItem> events)
    {
        do
        {
            (await events.MoveNextAsync().AsTask().DefaultTimeout()).ShouldBeTrue();
        }
        while (events.Current.Type != Kind);
        return events.Current;
    }

    private Task<ApplianceEvent> AppendAsync(string sentence) => appliance.Get<IEventLog>().AppendAsync(
        new ApplianceEvent { At = TimeProvider.System.GetUtcNow(), Type = Kind, Component = "tests", Sentence = sentence }, CancellationToken.None);
}
