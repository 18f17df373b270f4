using Appliance.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace Appliance.Browser.Tests.Pages;

/// <summary>The first page: what runs, what changes, what went wrong.</summary>
internal sealed class HomePage(Visitor visitor)
{
    /// <summary>The lane that most people mean.</summary>
    public ILocator Serving => visitor.Region("Now serving").First;

    public ILocator Change => visitor.Region("Change in progress");

    public ILocator Steps => Change.GetByRole(AriaRole.Listitem);

    public ILocator Failure => visitor.Region("The last change did not work");
}
