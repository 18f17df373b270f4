using Appliance.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace Appliance.Browser.Tests.Pages;

/// <summary>The menu of models, and the receipt that it shows before anything happens.</summary>
internal sealed class ModelsPage(Visitor visitor)
{
    private const string Verb = "Change to ";

    public ILocator Dialog => visitor.Page.GetByRole(AriaRole.Dialog);

    public ILocator Receipt => Dialog.GetByRole(AriaRole.List).First;

    /// <summary>Clicks on the first model that can be started; its name.</summary>
    public async Task<string> ChooseFirstReadyAsync()
    {
        var button = visitor.Region("Ready").GetByRole(AriaRole.Button, new() { NameRegex = new($"^{Verb}") }).First;
        var name = (await button.InnerTextAsync())[Verb.Length..];
        await button.ClickAsync();
        return name;
    }

    public Task ConfirmAsync() => Dialog.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{Verb}") }).ClickAsync();
}
