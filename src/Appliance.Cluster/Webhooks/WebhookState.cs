namespace Appliance.Cluster.Webhooks;

/// <summary>What became of a message. Words on the wire are the same in snake_case.</summary>
public enum WebhookState
{
    /// <summary>Not taken by the receiver yet; it is tried again.</summary>
    Pending,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>Given up: after 24 hours of tries, or because the receiver said that it is gone. Sent again only when somebody asks for it.</summary>
    Dead,

    /// <summary>Never sent: no receiver was set when it was due.</summary>
    Skipped,
}
