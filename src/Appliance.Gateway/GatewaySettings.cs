using Appliance.Cluster.Settings;

namespace Appliance.Gateway;

/// <summary>What the owner can set about the gateway.</summary>
public static class GatewaySettings
{
    private const string Section = "Requests";

    /// <summary>The largest recording that is accepted, in mebibytes. The default is what existing programs split their recordings for.</summary>
    public static NumberSetting AudioLimit { get; } = new()
    {
        Key = "AUDIO_LIMIT_MB",
        Title = "Largest recording",
        Help = "A recording that is larger than so many megabytes is refused. It is passed on while it comes in, so it takes no memory here.",
        Section = Section,
        Default = 200,
        Least = 1,
        Most = 20_000,
    };

    /// <summary>Whether pictures that a request only names are fetched by the appliance. Off, they are refused.</summary>
    public static SwitchSetting FetchImages { get; } = new()
    {
        Key = "FETCH_IMAGES",
        Title = "Fetch pictures from the internet",
        Help = "On: a picture that a program names by its http or https address is fetched here, from the public internet only. Off: such requests are refused.",
        Section = Section,
        Default = false,
    };
}
