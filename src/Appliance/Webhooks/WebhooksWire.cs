using Appliance.Cluster.Webhooks;

namespace Appliance.Webhooks;

/// <summary>The outbox.</summary>
internal sealed record WebhooksWire
{
    /// <summary>Whether a receiver is set.</summary>
    public required bool Configured { get; init; }

    /// <summary>The receiver without path and query, which may hold a secret.</summary>
    public string? Receiver { get; init; }

    /// <summary>Whether messages are signed.</summary>
    public required bool Signed { get; init; }

    public required int Pending { get; init; }

    public required int Dead { get; init; }

    /// <summary>The newest messages, newest first.</summary>
    public required IReadOnlyList<WebhookWire> Deliveries { get; init; }

    public static WebhooksWire From(WebhookOverview overview) => new()
    {
        Configured = overview.Receiver is not null,
        Receiver = overview.Receiver,
        Signed = overview.IsSigned,
        Pending = overview.Pending,
        Dead = overview.Dead,
        Deliveries = [.. overview.Newest.Select(WebhookWire.From)],
    };
}
