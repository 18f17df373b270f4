using System.Collections.Immutable;
using Appliance.Cluster.Metrics;
using Appliance.Metrics;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class RequestsRoomTests : ComponentTests
{
    [Fact]
    public void Request_is_told_in_plain_words()
    {
        var room = Show(isOn: true, Request with { Caller = "garden-bot" });

        room.Words().ShouldContain("Answered A conversation · Qwen3.6 35B From garden-bot · 2.1 s, first word after 0.4 s · 1,200 tokens read, 310 written");
    }

    [Fact]
    public void Cause_of_a_failure_is_a_sentence()
    {
        var room = Show(isOn: true, Request with { Fault = RequestFault.UpstreamCut, WaitedForModel = TimeSpan.FromSeconds(65) });

        room.Words().ShouldContain("The model server broke off in the middle of the answer");
        room.Words().ShouldContain("waited 1 min 5 s for the model");
    }

    [Fact]
    public void Without_a_list_it_is_said_how_to_get_one()
    {
        var room = Show(isOn: false);

        room.Words().ShouldContain("The settings can keep a list of the last ones; it never holds what was asked or answered.");
        room.Find("a").GetAttribute("href").ShouldBe("/settings#requests");
    }

    [Fact]
    public void Empty_list_says_that_it_is_on() => Show(isOn: true).Words().ShouldContain("The list of the last requests is on, and still empty.");

    [Fact]
    public void Every_cause_has_words_of_its_own() => Enum.GetValues<RequestFault>().Select(FaultWords.Of).ShouldBeUnique();

    private static RequestRecord Request => new()
    {
        StartedAt = Given.Now.AddMinutes(-1),
        RequestId = "req_1",
        Route = "/v1/chat/completions",
        Model = "redhatai--qwen3.6-35b",
        Upstream = "main",
        Status = 200,
        Fault = RequestFault.None,
        IsStreamed = true,
        Duration = TimeSpan.FromSeconds(2.1),
        FirstToken = TimeSpan.FromSeconds(0.4),
        TokensIn = 1200,
        TokensOut = 310,
    };

    private IRenderedComponent<RequestsRoom> Show(bool isOn, params ImmutableArray<RequestRecord> requests) => Render<RequestsRoom>(parameters => parameters
        .Add(room => room.IsOn, isOn)
        .Add(room => room.Requests, requests)
        .Add(room => room.Models, [])
        .Add(room => room.Moment, At(Given.Snapshot().Build())));
}
