using System.Net;

namespace Appliance.Cluster.Webhooks;

/// <summary>What only the program around the control plane knows about its own addresses.</summary>
/// <param name="IsOurselves">Whether the appliance itself listens there: it never sends itself a message. Thread-safe.</param>
public sealed record WebhookBounds(Func<IPEndPoint, bool> IsOurselves)
{
    /// <summary>For a control plane that listens nowhere.</summary>
    public static WebhookBounds None { get; } = new(_ => false);
}
