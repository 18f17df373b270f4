using Appliance.Browser.Tests.Browsing;
using Appliance.Browser.Tests.Running;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Appliance.Browser.Tests;

/// <summary>Somebody changes a setting, sees it kept, and takes it back.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Needs", "chromium")]
public sealed class SettingsPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task Setting_is_changed_by_keyboard_refused_when_bad_saved_and_undone(string screen)
    {
        await using var appliance = await RunningAppliance.StartAsync();
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Get(screen));
        await visitor.OpenAsync("/");
        await visitor.MenuLink("Settings").ClickAsync();
        await Expect(visitor.Heading("Settings")).ToBeVisibleAsync();
        var port = visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Textbox, new() { Name = "SSH port", Exact = true });
        await Expect(port).ToHaveValueAsync("22");

        await port.FillAsync("many");
        await port.PressAsync("Enter");
        await Expect(visitor.Page.GetByText("Has to be a number from 1 to 65535, for example 22.")).ToBeVisibleAsync();
        await Expect(port).ToHaveAttributeAsync("aria-invalid", "true");
        await Axe.ShouldFindNothingSeriousAsync(visitor.Page);

        await port.FillAsync("2222");
        await port.PressAsync("Enter");
        await Expect(visitor.Page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(visitor.Region("Start the appliance again for these")).ToContainTextAsync("SSH port");
        (await appliance.ReadFileAsync("app_settings.json")).ShouldBe("{\n  \"ssh_port\": 2222\n}\n");

        await visitor.OpenAsync("/settings");
        await Expect(port).ToHaveValueAsync("2222");
        await visitor.Button("Put back to 22: SSH port").ClickAsync();
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(port).ToHaveValueAsync("22");
        await visitor.Button("Undo").ClickAsync();
        await Expect(port).ToHaveValueAsync("2222");
        await visitor.ShouldNotScrollSidewaysAsync();
        visitor.ShouldHaveNoComplaints();
    }
}
