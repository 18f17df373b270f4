using Appliance.Browser.Tests.Browsing;
using Appliance.Browser.Tests.Pages;
using Appliance.Browser.Tests.Running;
using Appliance.Demo.Scenarios;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Appliance.Browser.Tests;

/// <summary>Makes the pictures of docs/screenshots: <c>make screenshots</c>. Not part of <c>make test</c>.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", "Screenshots")]
public sealed class ScreenshotTests(Chromium chromium)
{
    private static readonly string s_folder =
        Environment.GetEnvironmentVariable("SCREENSHOTS") ?? Path.Combine(Path.GetTempPath(), "appliance-screenshots");

    public static TheoryData<string, ColorScheme> Looks => AccessibilityTests.Looks;

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Home_and_a_change_at_work(string screen, ColorScheme colors)
    {
        // As slow as for a newcomer, so that the change can be seen half way.
        await using var appliance = await RunningAppliance.StartAsync(DemoScenario.Calm, speed: 2);
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Get(screen), colors);
        var home = new HomePage(visitor);
        await visitor.OpenAsync("/");
        await Expect(home.Serving.GetByText("tokens per second")).ToBeVisibleAsync();
        await TakeAsync(visitor, "home", screen, colors);

        await visitor.MenuLink("Models").ClickAsync();
        var models = new ModelsPage(visitor);
        await models.ChooseFirstReadyAsync();
        await models.ConfirmAsync();
        await Expect(home.Change.GetByRole(AriaRole.Region, new() { Name = "Newest lines of the log" })).ToContainTextAsync("oading");
        await TakeAsync(visitor, "swapping", screen, colors);
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Failed_change(string screen, ColorScheme colors)
    {
        await using var appliance = await RunningAppliance.StartAsync(DemoScenario.OutOfMemory);
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Get(screen), colors);
        await visitor.OpenAsync("/models");
        var models = new ModelsPage(visitor);
        await models.ChooseFirstReadyAsync();
        await models.ConfirmAsync();
        await Expect(new HomePage(visitor).Failure).ToBeVisibleAsync();
        await TakeAsync(visitor, "failed", screen, colors);
    }

    private static async Task TakeAsync(Visitor visitor, string name, string screen, ColorScheme colors)
    {
        Directory.CreateDirectory(s_folder);
        var look = colors == ColorScheme.Dark ? "dark" : "light";
        await visitor.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(s_folder, $"{name}-{screen}-{look}.png"),
            FullPage = true,
        });
    }
}
