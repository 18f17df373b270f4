using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Playground;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class ChatRoomTests : ComponentTests
{
    private readonly List<string> _sent = [];

    [Fact]
    public void Nothing_can_be_written_while_no_model_runs_and_the_page_says_why()
    {
        var room = Show(Given.Snapshot().NothingRunning());

        room.Find("textarea").HasAttribute("disabled").ShouldBeTrue();
        room.Button("Send").HasAttribute("disabled").ShouldBeTrue();
        room.Part("No model is running").Words().ShouldContain("Start one, then come back.");
        room.Link("See the models").GetAttribute("href").ShouldBe("/models");
    }

    [Fact]
    public void Loading_model_is_named_with_its_percent()
    {
        var room = Show(Given.Snapshot().Swapping(Given.Swap()));

        room.Words().ShouldContain("Gemma 4 26B is being started, 62 %");
        room.Link("See how far it is").GetAttribute("href").ShouldBe("/");
    }

    [Fact]
    public void Written_message_is_sent_once_and_the_field_is_empty_again()
    {
        var room = Show(Given.Snapshot());
        room.Find("h1").Words().ShouldBe("Try Qwen3.6 35B");

        room.Find("textarea").Input("  Hello  ");
        room.Find("form").Submit();
        room.Find("form").Submit();

        _sent.ShouldBe(["Hello"]);
    }

    [Fact]
    public void Answer_names_its_model_and_its_trouble()
    {
        var room = Show(Given.Snapshot(), turns:
        [
            new ChatTurn { IsByPerson = true, Text = "Hello" },
            new ChatTurn { IsByPerson = false, ModelName = "Qwen3.6 35B", Text = "Hi", FirstWordAfter = TimeSpan.FromSeconds(0.4), Trouble = "The connection to the model broke." },
        ]);

        room.Words().ShouldContain("Qwen3.6 35B · first word after 0.4 s Hi");
        room.Find("[role=alert]").Words().ShouldBe("The connection to the model broke.");
    }

    [Fact]
    public void Coming_answer_can_be_stopped()
    {
        var room = Show(Given.Snapshot(), isAnswering: true, turns: [new ChatTurn { IsByPerson = false, ModelName = "Qwen3.6 35B", IsComing = true }]);

        room.FindButton("Send").ShouldBeNull();
        room.Words().ShouldContain("Waiting for the first word…");
        room.Button("Stop").Click();
        _sent.ShouldBe(["stop"]);
    }

    private IRenderedComponent<ChatRoom> Show(SnapshotBuilder builder, ImmutableArray<ChatTurn>? turns = null, bool isAnswering = false) =>
        Render<ChatRoom>(parameters => parameters
            .Add(room => room.Lanes, builder.Build().Lanes)
            .Add(room => room.Lane, LaneId.Main)
            .Add(room => room.Turns, turns ?? [])
            .Add(room => room.IsAnswering, isAnswering)
            .Add(room => room.OnSend, text => _sent.Add(text))
            .Add(room => room.OnStop, () => _sent.Add("stop"))
            .Add(room => room.OnClear, () => _sent.Add("clear"))
            .Add(room => room.OnLane, lane => _sent.Add(lane.Value)));
}
