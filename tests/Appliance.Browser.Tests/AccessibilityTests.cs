using Appliance.Browser.Tests.Browsing;
using Appliance.Browser.Tests.Pages;
using Appliance.Browser.Tests.Running;
using Appliance.Demo.Scenarios;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Appliance.Browser.Tests;

/// <summary>Every page, on both screens and in both looks, works for everyone and fits.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Needs", "chromium")]
public sealed class AccessibilityTests(Chromium chromium)
{
    private static readonly string[] s_pages = ["/", "/models", "/try", "/activity", "/schedules", "/webhooks", "/settings"];

    public static TheoryData<string, ColorScheme> Looks => new()
    {
        { Screen.Desktop.Name, ColorScheme.Light },
        { Screen.Desktop.Name, ColorScheme.Dark },
        { Screen.Phone.Name, ColorScheme.Light },
        { Screen.Phone.Name, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_is_accessible_and_fits(string screen, ColorScheme colors)
    {
        await using var appliance = await RunningAppliance.StartAsync();
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Get(screen), colors);

        foreach (var page in s_pages)
        {
            await visitor.OpenAsync(page);
            await visitor.WaitUntilSettledAsync();
            await Axe.ShouldFindNothingSeriousAsync(visitor.Page);
            await visitor.ShouldNotScrollSidewaysAsync();
        }

        visitor.ShouldHaveNoComplaints();
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Receipt_and_failed_change_are_accessible_and_fit(string screen, ColorScheme colors)
    {
        await using var appliance = await RunningAppliance.StartAsync(DemoScenario.OutOfMemory);
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Get(screen), colors);
        await visitor.OpenAsync("/models");
        var models = new ModelsPage(visitor);

        await models.ChooseFirstReadyAsync();
        await Expect(models.Receipt).ToBeVisibleAsync();
        await Axe.ShouldFindNothingSeriousAsync(visitor.Page);
        await visitor.ShouldNotScrollSidewaysAsync();

        await models.ConfirmAsync();
        var home = new HomePage(visitor);
        await Expect(home.Failure).ToBeVisibleAsync();
        await Axe.ShouldFindNothingSeriousAsync(visitor.Page);
        await visitor.ShouldNotScrollSidewaysAsync();

        await home.Failure.GetByRole(AriaRole.Link, new() { Name = "Show the whole log" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/swaps/*");
        await Axe.ShouldFindNothingSeriousAsync(visitor.Page);
        await visitor.ShouldNotScrollSidewaysAsync();
    }
}
