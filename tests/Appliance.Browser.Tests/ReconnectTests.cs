using Appliance.Browser.Tests.Browsing;
using Appliance.Browser.Tests.Pages;
using Appliance.Browser.Tests.Running;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Appliance.Browser.Tests;

[Collection(BrowserCollection.Name)]
[Trait("Needs", "chromium")]
public sealed class ReconnectTests(Chromium chromium)
{
    [Fact]
    public async Task Page_says_that_the_connection_is_lost_and_works_again_by_itself_afterwards()
    {
        await using var appliance = await RunningAppliance.StartAsync(isBehindOtherPort: true);
        await using var wire = new Relay(appliance.Address);
        await using var visitor = await chromium.VisitAsync(wire.Address, Screen.Phone);
        await visitor.OpenAsync("/models");
        var lost = visitor.Page.GetByText("Connection lost");
        await Expect(lost).ToBeHiddenAsync();

        wire.Cut();
        await Expect(lost).ToBeVisibleAsync();
        wire.Mend();
        await Expect(lost).ToBeHiddenAsync();

        // The dialog is made by the server: it opens only over a living circuit.
        await visitor.WaitUntilInteractiveAsync();
        var models = new ModelsPage(visitor);
        await models.ChooseFirstReadyAsync();
        await Expect(models.Receipt).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Change_goes_on_and_is_shown_when_the_page_was_closed_meanwhile()
    {
        await using var appliance = await RunningAppliance.StartAsync();
        string name;
        await using (var first = await chromium.VisitAsync(appliance.Address, Screen.Desktop))
        {
            await first.OpenAsync("/models");
            var models = new ModelsPage(first);
            name = await models.ChooseFirstReadyAsync();
            await models.ConfirmAsync();
            await Expect(new HomePage(first).Change).ToBeVisibleAsync();
        }

        await using var second = await chromium.VisitAsync(appliance.Address, Screen.Phone);
        await second.OpenAsync("/");
        await Expect(new HomePage(second).Serving.GetByRole(AriaRole.Heading)).ToHaveTextAsync(name);
        second.ShouldHaveNoComplaints();
    }
}
