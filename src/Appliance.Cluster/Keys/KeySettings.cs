using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Keys;

/// <summary>What the owner can set about keys.</summary>
public static class KeySettings
{
    /// <summary>For what a key is asked; in force only while there is a key that lets its owner in again, see <see cref="KeyBook.Demand"/>.</summary>
    public static ChoiceSetting RequireKeys { get; } = new()
    {
        Key = "REQUIRE_KEYS",
        Title = "Ask for keys",
        Help = "off: whoever reaches the appliance may do everything. changes: asking models and reading are open, whatever changes something needs a key. all: everything needs a key. Make a key with the scope admin first, it lets you in on the page; without one this has no effect.",
        Section = "Keys",
        Default = "off",
        Words = ["off", "changes", "all"],
    };

    /// <summary>The word as a value.</summary>
    internal static KeyDemand Read(ISettings settings) => settings.Get(RequireKeys) switch
    {
        "changes" => KeyDemand.Changes,
        "all" => KeyDemand.All,
        _ => KeyDemand.Off,
    };
}
