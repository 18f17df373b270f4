using Appliance.Cluster.View;
using Appliance.Layout;
using Appliance.TestKit.Given;
using Bunit;

namespace Appliance.Tests.Components;

/// <summary>A browser without a browser: components are rendered, clicked and looked at again.</summary>
public abstract class ComponentTests : BunitContext
{
    protected ComponentTests()
    {
        foreach (var module in new[] { "./Ui/Dialog.razor.js", "./Ui/CopyButton.razor.js" })
        {
            JSInterop.SetupModule(module).Mode = JSRuntimeMode.Loose;
        }
    }

    protected static Moment At(ClusterSnapshot snapshot) => new(snapshot, Given.Now, TimeZoneInfo.Utc);
}
