using System.Collections.Immutable;
using System.Security.Cryptography;
using Appliance.Cluster.Keys;
using Appliance.Keys;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class KeysRoomTests : ComponentTests
{
    private static readonly AccessKey GardenBot = new()
    {
        Id = KeyId.Parse("key-0a1b2c"),
        Name = "garden-bot",
        Scope = KeyScope.Swap,
        CreatedAt = Given.Now.AddDays(-9),
        LastUsedAt = Given.Now.AddHours(-30),
    };

    private readonly List<string> _asked = [];

    [Fact]
    public void Without_keys_the_page_says_that_none_is_needed_and_how_to_begin()
    {
        var room = Show([]);

        room.Words().ShouldContain("No key is asked for: whoever reaches the appliance may do everything.");
        room.Words().ShouldContain("There are no keys. None is needed as long as none is asked for.");
        room.FindButton("Sign out of this browser").ShouldBeNull();
    }

    [Fact]
    public void Key_says_what_it_may_do_and_when_it_was_last_used() =>
        Show([GardenBot, GardenBot with { Id = KeyId.Parse("key-2"), Name = "kitchen", Scope = KeyScope.Use, LastUsedAt = null }]).Words()
            .ShouldSatisfyAllConditions(
                words => words.ShouldContain("garden-bot May ask and change models · made"),
                words => words.ShouldContain("last used a day ago"),
                words => words.ShouldContain("never used"));

    [Fact]
    public void Key_is_made_with_a_name_and_a_scope()
    {
        var room = Show([]);
        room.Find("#key-name").Change("garden-bot");
        room.Find("#key-scope").Change(nameof(KeyScope.Swap));
        room.Find("form").Submit();

        _asked.ShouldBe(["make garden-bot Swap"]);
    }

    [Fact]
    public void New_secret_is_shown_once_with_a_button_that_copies_it()
    {
        using var random = RandomNumberGenerator.Create();
        var token = KeyToken.New(random);
        var room = Show([GardenBot], created: new KeyCreation.Created(GardenBot, token));

        room.Find("#new-key").TextContent.ShouldBe(token.Reveal());
        room.FindButton("Copy").ShouldNotBeNull();
        room.Button("I have kept it").Click();
        _asked.ShouldBe(["seen"]);
    }

    [Fact]
    public void Revoking_is_asked_about_first_and_says_what_follows()
    {
        var room = Show([GardenBot]);
        room.Find("button[aria-label='Revoke garden-bot']").Click();
        room.Find("dialog").Words().ShouldContain("Whatever uses it is refused at once");
        _asked.ShouldBeEmpty();

        room.Find("dialog .primary").Click();

        _asked.ShouldBe(["revoke garden-bot"]);
        room.FindAll("dialog").ShouldBeEmpty();
    }

    [Fact]
    public void Setting_without_an_admin_key_is_said_to_have_no_effect() =>
        Show([GardenBot], isWaiting: true).Words().ShouldContain("REQUIRE_KEYS is set, but there is no key that could let you in again, so it has no effect.");

    [Fact]
    public void Refusal_is_said_beside_the_form() =>
        Show([], problem: "There is a key with that name already.").Find("[role=alert]").TextContent.ShouldBe("There is a key with that name already.");

    [Fact]
    public void Browser_can_be_signed_out_where_keys_are_asked_for() =>
        Show([GardenBot], KeyDemand.Changes).Find("form[action='/sign-out']").GetAttribute("method").ShouldBe("post");

    private IRenderedComponent<KeysRoom> Show(
        ImmutableArray<AccessKey> keys, KeyDemand demand = KeyDemand.Off, bool isWaiting = false, KeyCreation.Created? created = null, string? problem = null) =>
        Render<KeysRoom>(parameters => parameters
            .Add(room => room.Keys, keys)
            .Add(room => room.Demand, demand)
            .Add(room => room.IsWaitingForAdmin, isWaiting)
            .Add(room => room.Created, created)
            .Add(room => room.Problem, problem)
            .Add(room => room.Moment, At(Given.Snapshot().Build()))
            .Add(room => room.OnCreate, wish => _asked.Add($"make {wish.Name} {wish.Scope}"))
            .Add(room => room.OnRevoke, key => _asked.Add($"revoke {key.Name}"))
            .Add(room => room.OnSeen, () => _asked.Add("seen")));
}
