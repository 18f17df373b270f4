using Appliance.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Appliance.Browser.Tests.Pages;

/// <summary>The page on which one talks to the model.</summary>
internal sealed class TryPage(Visitor visitor)
{
    /// <summary>Sends a message, by the button or with Enter, and waits for the end of the answer.</summary>
    public async Task<string> AskAsync(string question, bool withEnter)
    {
        var message = visitor.Page.GetByLabel("Your message");
        await message.PressSequentiallyAsync(question);
        // Shift+Enter always begins a line, and on a phone Enter does as well.
        await message.PressAsync(withEnter ? "Shift+Enter" : "Enter");
        await Expect(message).ToHaveValueAsync($"{question}\n");
        await (withEnter ? message.PressAsync("Enter") : visitor.Button("Send").ClickAsync());
        var answer = visitor.Page.GetByRole(AriaRole.List, new() { Name = "Conversation" }).GetByRole(AriaRole.Article).Nth(1);
        await Expect(answer).ToContainTextAsync("Hello");
        await Expect(visitor.Button("Send")).ToBeVisibleAsync();
        return await answer.InnerTextAsync();
    }
}
