namespace Appliance.Cluster.Webhooks;

/// <summary>What came of one try.</summary>
internal abstract record WebhookAnswer
{
    private WebhookAnswer()
    {
    }

    /// <summary>The receiver has it (2xx).</summary>
    public sealed record Taken(int Status) : WebhookAnswer;

    /// <summary>It answered, but did not take it. A redirect is one of these: it is not followed.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="RetryAfter">How long it wants us to wait; null when it does not say.</param>
    public sealed record Refused(int Status, TimeSpan? RetryAfter = null) : WebhookAnswer;

    /// <summary>It does not want this any more (410).</summary>
    public sealed record Gone : WebhookAnswer;

    /// <summary>There was no answer.</summary>
    /// <param name="Problem">Why, as a sentence.</param>
    public sealed record None(string Problem) : WebhookAnswer;

    /// <summary>There is nobody to send it to.</summary>
    public sealed record NotSet : WebhookAnswer;
}
