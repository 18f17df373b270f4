using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;

namespace Appliance.Browser.Tests.Browsing;

/// <summary>The accessibility rules of axe-core, on what the page shows now.</summary>
internal static class Axe
{
    public static async Task ShouldFindNothingSeriousAsync(IPage page)
    {
        var result = await page.RunAxe();
        result.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => node.Html))}")
            .ShouldBeEmpty($"{page.Url}");
    }
}
