using Appliance.Browser.Tests.Browsing;
using Appliance.Browser.Tests.Pages;
using Appliance.Browser.Tests.Running;
using Appliance.Demo.Scenarios;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Appliance.Browser.Tests;

/// <summary>What the product is for: somebody clicks, and another model answers.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Needs", "chromium")]
public sealed class SwapByClickingTests(Chromium chromium)
{
    [Theory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task Changing_the_model_by_clicking_ends_with_the_new_model_answering(string screen)
    {
        await using var appliance = await RunningAppliance.StartAsync();
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Get(screen));
        await visitor.OpenAsync("/");
        await Expect(visitor.Page.GetByText("This is a demo cluster")).ToBeVisibleAsync();

        await visitor.MenuLink("Models").ClickAsync();
        var models = new ModelsPage(visitor);
        var name = await models.ChooseFirstReadyAsync();
        await Expect(models.Receipt.GetByRole(AriaRole.Listitem)).Not.ToHaveCountAsync(0);
        await models.ConfirmAsync();

        var home = new HomePage(visitor);
        await Expect(home.Change).ToBeVisibleAsync();
        await Expect(home.Change.GetByRole(AriaRole.Heading)).ToContainTextAsync(name);
        await Expect(home.Steps).Not.ToHaveCountAsync(0);
        await Expect(home.Change).ToBeHiddenAsync();
        await Expect(home.Serving.GetByRole(AriaRole.Heading)).ToHaveTextAsync(name);

        await visitor.MenuLink("Try it").ClickAsync();
        var answer = await new TryPage(visitor).AskAsync("Who are you?", withEnter: screen == "desktop");
        answer.ShouldContain($"Hello from {name}");
        visitor.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Cancelling_the_receipt_changes_nothing()
    {
        await using var appliance = await RunningAppliance.StartAsync();
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Desktop);
        await visitor.OpenAsync("/models");
        var models = new ModelsPage(visitor);

        await models.ChooseFirstReadyAsync();
        await Expect(models.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");

        await Expect(models.Dialog).ToBeHiddenAsync();
        (await appliance.CountSwapsAsync()).ShouldBe(0);
        visitor.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task Failed_change_says_why_and_brings_the_old_model_back()
    {
        await using var appliance = await RunningAppliance.StartAsync(DemoScenario.OutOfMemory);
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Desktop);
        await visitor.OpenAsync("/");
        var home = new HomePage(visitor);
        var before = await home.Serving.GetByRole(AriaRole.Heading).InnerTextAsync();
        await visitor.MenuLink("Models").ClickAsync();
        var models = new ModelsPage(visitor);
        await models.ChooseFirstReadyAsync();
        await models.ConfirmAsync();

        await Expect(home.Failure).ToBeVisibleAsync();
        await Expect(home.Serving.GetByRole(AriaRole.Heading)).ToHaveTextAsync(before);
        await Expect(home.Failure).ToContainTextAsync("memory");
        visitor.ShouldHaveNoComplaints();
    }
}
