using System.Security.Cryptography;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Webhooks;

/// <summary>Names one message; the same over all tries, so that a receiver knows a repeat. Grammar: <see cref="Slug"/>.</summary>
public readonly record struct WebhookId
{
    private WebhookId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out WebhookId id)
    {
        var ok = Slug.IsValid(text);
        id = ok ? new WebhookId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for storage and tests.</summary>
    public static WebhookId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not the id of a message.");

    /// <summary>The id of the one message about a job.</summary>
    public static WebhookId Of(SwapJobId job) => new($"msg-{job.Value}");

    /// <summary>A new id for a test message.</summary>
    public static WebhookId NewTest() => new($"msg-test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
