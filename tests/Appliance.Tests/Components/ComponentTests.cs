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
        var dialog = JSInterop.SetupModule("./Ui/Dialog.razor.js");
        dialog.Mode = JSRuntimeMode.Loose;
    }

    protected static Moment At(ClusterSnapshot snapshot) => new(snapshot, Given.Now, TimeZoneInfo.Utc);
}
