using Appliance.Cluster.View;
using Appliance.TestKit.Given;
using Appliance.Ui;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class TileTests : ComponentTests
{
    [Fact]
    public void Tile_is_drawn_again_only_for_another_instance_or_value()
    {
        var service = Given.Snapshot().Build().Services[0];
        var tile = Render<CountingTile>(parameters => parameters.Add(one => one.Service, service).Add(one => one.Text, "a"));
        tile.Instance.Drawn.ShouldBe(1);

        tile.Render(parameters => parameters.Add(one => one.Service, service).Add(one => one.Text, new string('a', 1)).Add(one => one.OnClick, () => { }));
        tile.Instance.Drawn.ShouldBe(1);

        tile.Render(parameters => parameters.Add(one => one.Service, service with { }).Add(one => one.Text, "a"));
        tile.Instance.Drawn.ShouldBe(2);

        tile.Render(parameters => parameters.Add(one => one.Text, "b"));
        tile.Instance.Drawn.ShouldBe(3);
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

    private sealed class CountingTile : TileBase
    {
        [Parameter] public ServiceSnapshot? Service { get; set; }

        [Parameter] public string? Text { get; set; }

        [Parameter] public EventCallback OnClick { get; set; }

        public int Drawn { get; private set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => Drawn++;
    }
}
