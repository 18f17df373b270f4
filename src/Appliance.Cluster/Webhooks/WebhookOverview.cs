using System.Collections.Immutable;

namespace Appliance.Cluster.Webhooks;

/// <summary>The outbox at one moment.</summary>
public sealed record WebhookOverview
{
    /// <summary>Where messages go, without path and query, which may hold a secret; null when no receiver is set.</summary>
    public required string? Receiver { get; init; }

    /// <summary>Whether messages are signed.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>How many wait to be sent (again).</summary>
    public required int Pending { get; init; }

    /// <summary>How many were given up.</summary>
    public required int Dead { get; init; }

    /// <summary>The newest messages, newest first.</summary>
    public required ImmutableArray<WebhookEntry> Newest { get; init; }
}
