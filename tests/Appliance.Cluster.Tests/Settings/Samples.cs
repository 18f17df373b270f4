using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Tests.Settings;

/// <summary>One setting of each kind.</summary>
internal static class Samples
{
    public static readonly NumberSetting Hold = new()
    {
        Key = "HOLD_SECONDS",
        Title = "Wait",
        Help = "Seconds.",
        Section = "Requests",
        Default = 60,
        Least = 0,
        Most = 600,
    };

    public static readonly SwitchSetting Auto = new() { Key = "AUTO_SWAP", Title = "Change by itself", Help = "On or off.", Section = "Requests", Default = false };

    public static readonly AddressSetting Hook = new()
    {
        Key = "SWAP_WEBHOOK_URL",
        Title = "Hook",
        Help = "An address.",
        Section = "Webhook",
        Default = null,
        Example = "http://192.0.2.20:8123/hook",
    };

    public static readonly TextSetting Secret = new()
    {
        Key = "SWAP_WEBHOOK_SECRET",
        Title = "Secret",
        Help = "Words.",
        Section = "Webhook",
        Default = null,
        Hides = true,
        Example = "a-long-word",
    };

    public static readonly TextSetting Host = new()
    {
        Key = "SPARK1_HOST",
        Title = "First machine",
        Help = "An address.",
        Section = "Machines",
        Default = null,
        Example = "192.0.2.11",
        NeedsRestart = true,
    };

    public static readonly SettingsRule NoHookWithoutSecret = new(values => values.Get(Hook) is not null && values.Get(Secret) is null
        ? [new SettingProblem(Secret.Key, "SWAP_WEBHOOK_SECRET is needed for the hook.")]
        : []);

    public static IReadOnlyList<Setting> All => [Hold, Auto, Hook, Secret, Host];
}
