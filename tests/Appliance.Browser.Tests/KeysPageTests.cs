using System.Net.Http.Json;
using Appliance.Browser.Tests.Browsing;
using Appliance.Browser.Tests.Running;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Appliance.Browser.Tests;

/// <summary>The owner makes a key, asks for keys, signs in with it, and signs out.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Needs", "chromium")]
public sealed class KeysPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task Key_is_made_and_copied_and_opens_the_page_when_keys_are_asked_for(string screen)
    {
        await using var appliance = await RunningAppliance.StartAsync();
        await using var visitor = await chromium.VisitAsync(appliance.Address, Screen.Get(screen));
        await visitor.OpenAsync("/settings");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "a page of their own" }).ClickAsync();
        await Expect(visitor.Heading("Keys")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("There are no keys.")).ToBeVisibleAsync();

        await visitor.Page.GetByLabel("What it is for").FillAsync("Alice");
        await visitor.Page.GetByLabel("What it may do").SelectOptionAsync("Admin");
        await visitor.Button("Make the key").ClickAsync();
        var shown = visitor.Region("The new key").Locator("output");
        await Expect(shown).ToContainTextAsync("ak_");
        var key = await shown.TextContentAsync();
        await visitor.Button("Copy").ClickAsync();
        await Expect(visitor.Button("Copied")).ToBeVisibleAsync();
        await Axe.ShouldFindNothingSeriousAsync(visitor.Page);
        await visitor.ShouldNotScrollSidewaysAsync();
        await visitor.Button("I have kept it").ClickAsync();
        await Expect(shown).ToHaveCountAsync(0);
        await Expect(visitor.Region("Keys")).ToContainTextAsync("never used");

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = appliance.Address };
        (await client.PutAsJsonAsync("/api/settings", new { require_keys = "changes" })).EnsureSuccessStatusCode();
        await Expect(visitor.Heading("Sign in with a key")).ToBeVisibleAsync();
        visitor.ForgetComplaints();
        await Axe.ShouldFindNothingSeriousAsync(visitor.Page);
        await visitor.ShouldNotScrollSidewaysAsync();
        await visitor.Page.GetByLabel("Key").FillAsync(key!);
        await visitor.Button("Sign in").ClickAsync();

        await Expect(visitor.Heading("Keys")).ToBeVisibleAsync();
        await visitor.WaitUntilInteractiveAsync();
        await Expect(visitor.Region("Keys")).ToContainTextAsync("last used within the last two hours");
        await visitor.Button("Revoke Alice").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is the last key that lets anybody in");
        await visitor.Button("Sign out of this browser").ClickAsync();
        await Expect(visitor.Heading("Sign in with a key")).ToBeVisibleAsync();
        visitor.ShouldHaveNoComplaints();
    }
}
