using Appliance.Dashboard;
using Appliance.TestKit.Given;
using Appliance.Ui;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class TileTests : ComponentTests
{
    [Fact]
    public void Tile_is_drawn_again_only_for_another_instance()
    {
        var service = Given.Snapshot().Build().Services[0];
        var tile = Render<ServiceTile>(parameters => parameters.Add(one => one.Service, service));
        var drawn = tile.RenderCount;

        tile.Render(parameters => parameters.Add(one => one.Service, service));
        tile.RenderCount.ShouldBe(drawn);

        tile.Render(parameters => parameters.Add(one => one.Service, service with { Definition = service.Definition with { Name = "Hearing" } }));
        tile.RenderCount.ShouldBe(drawn + 1);
        tile.Words().ShouldContain("Hearing");
    }

    [Fact]
    public void Line_has_a_gap_where_nothing_was_measured()
    {
        var line = Render<Sparkline>(parameters => parameters
            .Add(spark => spark.Values, [60, 80, null, 104, 90])
            .Add(spark => spark.Label, "Tokens per second"));

        line.FindAll("path:not(.fill)").Count.ShouldBe(2);
        line.Find("svg").GetAttribute("aria-label").ShouldBe("Tokens per second, between 60 and 104");
    }

    [Fact]
    public void Line_without_readings_is_not_drawn() =>
        Render<Sparkline>(parameters => parameters.Add(spark => spark.Values, [null, null, 3]).Add(spark => spark.Label, "")).FindAll("svg").ShouldBeEmpty();

    [Fact]
    public void Every_state_has_a_shape_of_its_own() =>
        Enum.GetValues<Tone>().Select(tone => tone.ToCss()).Distinct().Count().ShouldBe(Enum.GetValues<Tone>().Length);
}
