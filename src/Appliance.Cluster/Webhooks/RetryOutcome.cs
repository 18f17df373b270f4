namespace Appliance.Cluster.Webhooks;

/// <summary>What became of the wish to send a message again.</summary>
public abstract record RetryOutcome
{
    private RetryOutcome()
    {
    }

    /// <summary>It is on its way.</summary>
    /// <param name="Entry">The message.</param>
    public sealed record Accepted(WebhookEntry Entry) : RetryOutcome;

    /// <summary>There is no such message.</summary>
    public sealed record Unknown : RetryOutcome;

    /// <summary>The receiver has it already.</summary>
    /// <param name="Entry">The message.</param>
    public sealed record AlreadyDelivered(WebhookEntry Entry) : RetryOutcome;

    /// <summary>There is nobody to send it to.</summary>
    public sealed record NotSet : RetryOutcome;
}
