using Appliance.Cluster.Settings;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Settings;

public sealed class SettingTests
{
    private static readonly NumberSetting Limit = new()
    {
        Key = "HOLD_SECONDS", Title = "Wait", Help = "Seconds.", Section = "Requests", Default = 60, Least = 0, Most = 600,
    };

    private static readonly SwitchSetting Auto = new() { Key = "AUTO_SWAP", Title = "Auto", Help = "On or off.", Section = "Requests", Default = false };

    private static readonly AddressSetting Hook = new()
    {
        Key = "SWAP_WEBHOOK_URL", Title = "Hook", Help = "An address.", Section = "Webhook", Default = null, Example = "http://192.0.2.20:8123/hook",
    };

    [Theory]
    [InlineData("0", true)]
    [InlineData("600", true)]
    [InlineData("601", false)]
    [InlineData("-1", false)]
    [InlineData("010", false)]
    [InlineData("1e2", false)]
    [InlineData("", false)]
    public void A_number_is_plain_digits_within_its_range(string text, bool isGood) => (Limit.FindProblem(text) is null).ShouldBe(isGood);

    [Fact]
    public void A_bad_value_is_told_with_the_key_and_a_good_example() =>
        Limit.FindProblem("soon").ShouldBe("HOLD_SECONDS is a number from 0 to 600, for example HOLD_SECONDS=60.");

    [Theory]
    [InlineData("on", true)]
    [InlineData("TRUE", true)]
    [InlineData("0", false)]
    public void A_switch_understands_what_people_write(string text, bool isOn) => Auto.Read(text).ShouldBe(isOn);

    [Theory]
    [InlineData("http://192.0.2.20:8123/hook", true)]
    [InlineData("ftp://192.0.2.20/", false)]
    [InlineData("http://alice:secret@192.0.2.20/", false)]
    [InlineData("/hook", false)]
    public void An_address_is_http_and_carries_no_credentials(string text, bool isGood) => (Hook.FindProblem(text) is null).ShouldBe(isGood);

    [Fact]
    public void Environment_fills_what_is_good_and_defaults_fill_the_rest()
    {
        var environment = new Dictionary<string, string?> { ["HOLD_SECONDS"] = " 15 ", ["AUTO_SWAP"] = "perhaps" };

        ISettings settings = EnvironmentSettings.Read([Limit, Auto, Hook], environment.GetValueOrDefault);

        settings.Get(Limit).ShouldBe(15);
        settings.Current.SourceOf(Limit).ShouldBe(SettingSource.Environment);
        settings.Get(Auto).ShouldBeFalse();
        settings.Current.SourceOf(Auto).ShouldBe(SettingSource.Default);
        settings.Get(Hook).ShouldBeNull();
    }
}
