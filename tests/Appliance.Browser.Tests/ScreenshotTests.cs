using System.Net.Http.Json;
using System.Text.RegularExpressions;
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
public sealed partial class ScreenshotTests(Chromium chromium)
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
        await visitor.WaitUntilSettledAsync();
        await ShowNumbersAsync(appliance, home);
        await TakeAsync(visitor, "home", screen, colors);

        await visitor.MenuLink("Models").ClickAsync();
        var models = new ModelsPage(visitor);
        await models.ChooseFirstReadyAsync();
        await models.ConfirmAsync();
        await Expect(home.Change.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", HalfWay());
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

    /// <summary>Somebody talks to the model, so that its speed is known.</summary>
    private static async Task ShowNumbersAsync(RunningAppliance appliance, HomePage home)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = appliance.Address };
        var numbers = Expect(home.Serving.GetByText("–", new() { Exact = true })).ToHaveCountAsync(0);
        while (!numbers.IsCompleted)
        {
            var question = new { messages = new[] { new { role = "user", content = "Tell me about the sea." } } };
            using var answer = await client.PostAsJsonAsync("/v1/chat/completions", question);
            answer.EnsureSuccessStatusCode();
        }

        await numbers;
    }

    [GeneratedRegex("^[4-7][0-9]$")]
    private static partial Regex HalfWay();

    private static async Task TakeAsync(Visitor visitor, string name, string screen, ColorScheme colors)
    {
        Directory.CreateDirectory(s_folder);
        var look = colors == ColorScheme.Dark ? "dark" : "light";
        await visitor.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(s_folder, $"{name}-{screen}-{look}.png"),
            // On a phone the menu stays at the lower edge, so there it is what one sees without scrolling.
            FullPage = screen == Screen.Desktop.Name,
        });
    }
}
