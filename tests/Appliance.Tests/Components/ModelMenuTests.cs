using Appliance.Cluster.Fit;
using Appliance.Cluster.Models;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Models;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class ModelMenuTests : ComponentTests
{
    private readonly List<string> _chosen = [];

    [Fact]
    public void Ready_model_shows_what_it_is_and_one_named_button()
    {
        var menu = Show(Given.Snapshot());
        var card = menu.Part("Gemma 4 26B");

        card.Words().ShouldContain("Ready Gemma 4 26B google · 52 GB · on Spark 1");
        card.QuerySelectorAll(".chips li").Select(chip => chip.Words()).ShouldBe(["sees pictures", "uses tools", "remembers 131,000 tokens"]);
        card.Words().ShouldContain("Fits: needs 48 GB, 92 GB can be had (estimated).");
        menu.Button("Change to Gemma 4 26B").Click();
        _chosen.ShouldBe(["google--gemma-4-26b"]);
    }

    [Fact]
    public void Live_model_has_no_button()
    {
        var card = Show(Given.Snapshot()).Part("Qwen3.6 35B");

        card.Words().ShouldContain("Answering now");
        card.QuerySelector("button").ShouldBeNull();
    }

    [Fact]
    public void Button_says_start_where_nothing_runs() => Show(Given.Snapshot().NothingRunning()).Button("Start Gemma 4 26B").ShouldNotBeNull();

    [Fact]
    public void Incomplete_model_says_what_is_missing_and_where()
    {
        var model = Given.Model(state: ModelState.Incomplete) with { Copies = [new LocalCopy(HostId.Parse("spark-2"), ByteSize.FromGigabytes(31), false, "3 of 14 weight files")] };
        var card = Show(Given.Snapshot().Menu(model)).Part("Gemma 4 26B");

        card.Words().ShouldContain("Incomplete");
        card.Words().ShouldContain("Spark 2: 3 of 14 weight files missing.");
        card.QuerySelector("button").ShouldBeNull();
    }

    [Fact]
    public void Model_without_recipe_says_what_to_do()
    {
        var card = Show(Given.Snapshot().Menu(Given.Model(state: ModelState.NeedsSetup))).Part("Gemma 4 26B");

        card.Words().ShouldContain("Needs setup");
        card.Words().ShouldContain("Add a recipe for it to models.yaml");
    }

    [Fact]
    public void Model_that_does_not_fit_says_why()
    {
        var model = Given.Model() with { Fit = new FitVerdict(false, ByteSize.FromGigabytes(140), ByteSize.FromGigabytes(92), "It needs 48 GB more than there is.") };

        Show(Given.Snapshot().Menu(model)).Part("Gemma 4 26B").Words().ShouldContain("It needs 48 GB more than there is.");
    }

    [Fact]
    public void Menu_that_is_not_known_yet_is_not_called_empty() =>
        Show(Given.Snapshot().LookingAround()).Words().ShouldContain("Looking at the disks…");

    [Fact]
    public void Menu_of_unreachable_machines_says_why_it_cannot_be_listed()
    {
        var fault = new HostFault(HostFaultKind.Unreachable, "It does not answer.");
        var menu = Show(Given.Snapshot().Unreachable(0, fault).Unreachable(1, fault).With(snapshot => snapshot with { Models = [], ModelsAreKnown = false }));

        menu.Words().ShouldContain("The disks cannot be listed");
        menu.Words().ShouldContain("It does not answer.");
    }

    [Fact]
    public void Empty_menu_says_how_to_fill_it() => Show(Given.Snapshot().Menu()).Words().ShouldContain("No models on the disks yet.");

    private IRenderedComponent<ModelMenuRoom> Show(SnapshotBuilder builder) => Render<ModelMenuRoom>(parameters => parameters
        .Add(menu => menu.Snapshot, builder.Build())
        .Add(menu => menu.OnChoose, model => _chosen.Add(model.Id.Value)));
}
