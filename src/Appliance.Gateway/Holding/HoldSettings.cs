using Appliance.Cluster.Settings;

namespace Appliance.Gateway.Holding;

/// <summary>What the owner can say about requests for a model that is not there yet.</summary>
public static class HoldSettings
{
    private const string Section = "Requests";

    /// <summary>How long a request waits for its model, in seconds.</summary>
    public static NumberSetting Seconds { get; } = new()
    {
        Key = "HOLD_SECONDS",
        Title = "Patience while a model loads",
        Help = "How many seconds a request waits while its model is being loaded. After that it is told to come back later. 0 tells it at once.",
        Section = Section,
        Default = 60,
        Least = 0,
        Most = 3_600,
    };

    /// <summary>Whether a request may start its model.</summary>
    public static SwitchSetting AutoSwap { get; } = new()
    {
        Key = "AUTO_SWAP",
        Title = "Programs may change the model",
        Help = "On: a program that asks for a model which is on the disks but not loaded starts the change to it. Off: it gets an answer that says what is loaded.",
        Section = Section,
        Default = false,
    };
}
