using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Webhooks;

/// <summary>Who is told when a job has ended.</summary>
public static class WebhookSettings
{
    private const string Section = "Messages to programs";

    /// <summary>The receiver; not set means that nobody is told.</summary>
    public static AddressSetting Url { get; } = new()
    {
        Key = "SWAP_WEBHOOK_URL",
        Title = "Receiver of messages",
        Help = "The http or https address that gets a message when a change or stop of a model has ended. Empty: nobody is told.",
        Section = Section,
        Default = null,
        Example = "http://<scheduler-ip>:8080/hooks/swap",
    };

    /// <summary>The shared secret; not set means that messages are unsigned.</summary>
    public static TextSetting Secret { get; } = new()
    {
        Key = "SWAP_WEBHOOK_SECRET",
        Title = "Secret for messages",
        Help = "Every message is signed with it, so that the receiver knows who sent it. At least 24 random characters, or a whsec_ secret. Empty: messages are not signed.",
        Section = Section,
        Default = null,
        Hides = true,
        IsGood = WebhookSignature.IsUsable,
        Grammar = $"at most 500 visible ASCII characters without blanks; one that begins with {WebhookSignature.Prefix} goes on with 24 to 64 bytes in base64",
        Example = "<output of: openssl rand -base64 32>",
    };
}
