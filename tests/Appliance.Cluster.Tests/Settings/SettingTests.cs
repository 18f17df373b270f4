using System.Collections.Immutable;
using Appliance.Cluster.Settings;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

public sealed class SettingTests
{
    [Theory]
    [InlineData("0", true)]
    [InlineData("600", true)]
    [InlineData("601", false)]
    [InlineData("-1", false)]
    [InlineData("010", false)]
    [InlineData("1e2", false)]
    [InlineData("", false)]
    public void A_number_is_plain_digits_within_its_range(string text, bool isGood) => (Samples.Hold.FindProblem(text) is null).ShouldBe(isGood);

    [Fact]
    public void A_bad_value_is_told_with_the_key_and_a_good_example() =>
        Samples.Hold.FindProblem("soon").ShouldBe("HOLD_SECONDS is a number from 0 to 600, for example HOLD_SECONDS=60.");

    [Theory]
    [InlineData("on", true)]
    [InlineData("TRUE", true)]
    [InlineData("0", false)]
    public void A_switch_understands_what_people_write(string text, bool isOn) => Samples.Auto.Read(text).ShouldBe(isOn);

    [Theory]
    [InlineData("http://192.0.2.20:8123/hook", true)]
    [InlineData("ftp://192.0.2.20/", false)]
    [InlineData("http://alice:secret@192.0.2.20/", false)]
    [InlineData("/hook", false)]
    public void An_address_is_http_and_carries_no_credentials(string text, bool isGood) => (Samples.Hook.FindProblem(text) is null).ShouldBe(isGood);

    [Fact]
    public void Environment_fills_what_is_good_and_defaults_fill_the_rest()
    {
        var environment = new Dictionary<string, string?> { ["HOLD_SECONDS"] = " 15 ", ["AUTO_SWAP"] = "perhaps" };

        var layers = new SettingsLayers([Samples.Hold, Samples.Auto, Samples.Hook], [], environment.GetValueOrDefault);
        var values = layers.Combine(ImmutableDictionary<string, string>.Empty);

        values.Get(Samples.Hold).ShouldBe(15);
        values.SourceOf(Samples.Hold).ShouldBe(SettingSource.Environment);
        values.Get(Samples.Auto).ShouldBeFalse();
        values.SourceOf(Samples.Auto).ShouldBe(SettingSource.Default);
        values.Get(Samples.Hook).ShouldBeNull();
        layers.EnvironmentProblems.ShouldHaveSingleItem().ShouldBe(new SettingProblem("AUTO_SWAP", "AUTO_SWAP is on or off, for example AUTO_SWAP=off."));
    }
}
