using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Given;
using Appliance.Webhooks;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class WebhookPartTests : ComponentTests
{
    private readonly List<string> _asked = [];

    [Fact]
    public void Messages_that_are_being_read_say_so() => Show(null).Words().ShouldContain("Reading the messages…");

    [Fact]
    public void Without_a_receiver_the_page_says_what_it_is_good_for_and_how_to_set_it()
    {
        var part = Show(Overview(receiver: null));

        part.Words().ShouldContain("No receiver is set, so nobody is told.");
        part.Find("a").GetAttribute("href").ShouldBe("/settings#messages-to-programs");
        part.FindAll("button").ShouldBeEmpty();
    }

    [Fact]
    public void Unsigned_messages_are_called_so() =>
        Show(Overview() with { IsSigned = false }).Words().ShouldContain("They go to http://scheduler.example:8080 and are not signed");

    [Fact]
    public void Test_can_be_sent_once_at_a_time()
    {
        var part = Show(Overview());
        part.Button("Send a test message").Click();
        _asked.ShouldBe(["test"]);

        Show(Overview(), isTesting: true).Button("Sending…").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Message_that_was_given_up_says_why_and_can_be_sent_again()
    {
        var part = Show(Overview(Entry(WebhookState.Dead) with { Attempts = 14, Problem = "The receiver answered with status 503." }));

        part.Words().ShouldContain("Given up Gemma 4 26B: it worked Tried 14 times The receiver answered with status 503.");
        part.Button("Send again").Click();
        _asked.ShouldBe(["retry msg-swap-1"]);
        part.Find("li button").GetAttribute("aria-label").ShouldBe("Send again: Gemma 4 26B: it worked");
    }

    [Theory]
    [InlineData(1, "One message was given up. When the receiver works again, send it again below.")]
    [InlineData(3, "3 messages were given up. When the receiver works again, send them again below.")]
    public void Given_up_messages_are_said_above_the_list(int dead, string sentence)
    {
        Show(Overview(Entry(WebhookState.Dead)) with { Dead = dead }).Words().ShouldContain(sentence);
        Show(Overview()).Words().ShouldNotContain("given up");
    }

    [Fact]
    public void Waiting_message_says_when_it_is_tried_next()
    {
        var part = Show(Overview(Entry(WebhookState.Pending) with
        {
            Event = "swap_failed",
            Attempts = 1,
            Failures = 1,
            TriedAt = Given.Now,
            Wait = TimeSpan.FromMinutes(5),
        }));

        part.Words().ShouldContain("Tried again later Gemma 4 26B: it did not work Tried once · next try in about 5 min");
        part.Button("Try now");
    }

    [Theory]
    [InlineData(WebhookState.Delivered, "Taken")]
    [InlineData(WebhookState.Skipped, "Not sent")]
    [InlineData(WebhookState.Pending, "On its way")]
    public void Every_state_has_its_word(WebhookState state, string word) => Show(Overview(Entry(state))).Words().ShouldContain(word);

    [Fact]
    public void What_a_click_brought_is_read_aloud()
    {
        var part = Show(Overview(), said: "The receiver took the test message.");

        part.Find("[role=status]").Words().ShouldBe("The receiver took the test message.");
    }

    private static WebhookOverview Overview(params ImmutableArray<WebhookEntry> newest) => Overview("http://scheduler.example:8080", newest);

    private static WebhookOverview Overview(string? receiver, params ImmutableArray<WebhookEntry> newest) =>
        new() { Receiver = receiver, IsSigned = receiver is not null, Pending = 0, Dead = 0, Newest = newest };

    private static WebhookEntry Entry(WebhookState state) => new()
    {
        Id = WebhookId.Of(SwapJobId.Parse("swap-1")),
        Event = "swap_complete",
        Subject = "Gemma 4 26B",
        Body = "{}",
        State = state,
        CreatedAt = Given.Now,
    };

    private IRenderedComponent<WebhookPart> Show(WebhookOverview? overview, bool isTesting = false, string? said = null) => Render<WebhookPart>(parameters => parameters
        .Add(part => part.Overview, overview)
        .Add(part => part.Now, Given.Now)
        .Add(part => part.Zone, TimeZoneInfo.Utc)
        .Add(part => part.IsTesting, isTesting)
        .Add(part => part.Said, said)
        .Add(part => part.OnTest, () => _asked.Add("test"))
        .Add(part => part.OnRetry, id => _asked.Add($"retry {id}")));
}
