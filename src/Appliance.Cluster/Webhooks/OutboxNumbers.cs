namespace Appliance.Cluster.Webhooks;

/// <summary>The outbox as numbers. Immutable.</summary>
/// <param name="Pending">How many messages wait to be sent, for the first time or again.</param>
/// <param name="Failed">How many were given up and are still kept.</param>
/// <param name="OldestPending">When the oldest of those that wait was made; null when none waits.</param>
internal sealed record OutboxNumbers(int Pending, int Failed, DateTimeOffset? OldestPending);
