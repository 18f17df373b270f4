using System.Collections.Immutable;
using Appliance.Cluster.Models;
using Appliance.Cluster.Routing;
using Appliance.Routing;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class AliasTests : ComponentTests
{
    private static readonly ImmutableArray<ModelCard> Menu = [Given.Model(), Given.Model("Qwen3.6 35B", "RedHatAI/qwen3.6-35b", ModelState.Live)];

    private static readonly Upstream Qwen = new()
    {
        Id = "main",
        Task = UpstreamTask.Chat,
        Address = new Uri("http://192.0.2.11:8888/"),
        ServedName = "RedHatAI/qwen3.6-35b",
        ModelId = "redhatai--qwen3.6-35b",
        Availability = UpstreamAvailability.Serving,
    };

    private readonly List<string> _asked = [];

    [Fact]
    public void Names_are_listed_own_ones_first_with_whom_they_reach_now()
    {
        var room = Render<AliasRoom>(parameters => parameters
            .Add(room => room.Aliases,
            [
                new KnownAlias("chat", [], null, new UpstreamMatch.Serving(Qwen)),
                new KnownAlias("jerry-xl", [], 8100, new UpstreamMatch.Unavailable("It is off.")),
                new KnownAlias("code", ["google--gemma-4-26b", "redhatai--qwen3.6-35b", "gone--model"], null, new UpstreamMatch.Loading(Qwen)),
            ])
            .Add(room => room.Menu, Menu)
            .Add(room => room.OnChange, alias => _asked.Add(alias?.Name ?? "new")));

        room.FindAll("li").Select(line => line.Words()).ShouldBe(
        [
            "jerry-xl Whatever answers at port 8100. Fixed in cluster.yaml. Nothing answers",
            "code Gemma 4 26B, else Qwen3.6 35B, else gone--model. Qwen3.6 35B is on its way Change",
            "chat A loaded model that chats. Qwen3.6 35B answers Change",
        ]);
        room.Find("[aria-label='Change code']").Click();
        room.Button("Add a name").Click();
        _asked.ShouldBe(["code", "new"]);
    }

    [Fact]
    public void List_is_put_in_order_and_saved()
    {
        var dialog = Show(new KnownAlias("code", ["google--gemma-4-26b"], null, new UpstreamMatch.Unknown([])));
        dialog.Find("h2").Words().ShouldBe("What is code?");
        dialog.FindAll("option").Select(option => option.Words()).ShouldBe(["Choose…", "Qwen3.6 35B"]);

        dialog.Find("select").Change("redhatai--qwen3.6-35b");
        dialog.Find("[aria-label='Move Gemma 4 26B up']").HasAttribute("disabled").ShouldBeTrue();
        dialog.Find("[aria-label='Move Qwen3.6 35B up']").Click();
        dialog.Button("Save").Click();

        _asked.ShouldBe(["code: redhatai--qwen3.6-35b google--gemma-4-26b"]);
    }

    [Fact]
    public void Empty_list_says_what_the_name_then_means()
    {
        var builtIn = Show(new KnownAlias("vision", ["google--gemma-4-26b"], null, new UpstreamMatch.Unknown([])));
        builtIn.Find("[aria-label='Take Gemma 4 26B out']").Click();
        builtIn.Words().ShouldContain("Without a model it means a loaded model that sees pictures.");
        builtIn.Button("Save").Click();
        _asked.ShouldBe(["vision:"]);

        var own = Show(new KnownAlias("fast", ["google--gemma-4-26b"], null, new UpstreamMatch.Unknown([])));
        own.Find("[aria-label='Take Gemma 4 26B out']").Click();
        own.Words().ShouldContain("Without a model it is taken away.");
    }

    [Fact]
    public void New_name_needs_a_name_and_a_model_and_mistakes_are_told()
    {
        var dialog = Show(null, new AliasProblem("Qwen", "'qwen' is a name of Qwen3.6 35B."), new AliasProblem("Qwen", "And another thing."));
        dialog.Button("Save").HasAttribute("disabled").ShouldBeTrue();
        dialog.Find("[role=alert]").Words().ShouldBe("This cannot be 'qwen' is a name of Qwen3.6 35B. And another thing.");

        dialog.Find("input").Input("gpt-4o-mini");
        dialog.Button("Save").HasAttribute("disabled").ShouldBeTrue();
        dialog.Find("select").Change("google--gemma-4-26b");
        dialog.Button("Save").Click();

        _asked.ShouldBe(["gpt-4o-mini: google--gemma-4-26b"]);
    }

    private IRenderedComponent<AliasDialog> Show(KnownAlias? alias, params ImmutableArray<AliasProblem> problems) => Render<AliasDialog>(parameters => parameters
        .Add(dialog => dialog.Alias, alias)
        .Add(dialog => dialog.Menu, Menu)
        .Add(dialog => dialog.Problems, problems)
        .Add(dialog => dialog.OnSave, wish => _asked.Add($"{wish.Alias}: {string.Join(' ', wish.Models)}".TrimEnd()))
        .Add(dialog => dialog.OnClosed, () => _asked.Add("closed")));
}
