namespace Appliance.Cluster.Webhooks;

/// <summary>What the courier's loop hears.</summary>
internal abstract record WebhookCommand
{
    private WebhookCommand()
    {
    }

    /// <summary>There may be new messages.</summary>
    public sealed record Look : WebhookCommand;

    /// <summary>Somebody wants a message sent (again).</summary>
    public sealed record Retry(WebhookId Id, TaskCompletionSource<RetryOutcome> Answer) : WebhookCommand;

    /// <summary>Somebody wants a test message; the answer is the message when its one try is over, null when no receiver is set.</summary>
    public sealed record Test(string By, TaskCompletionSource<WebhookEntry?> Answer) : WebhookCommand;

    /// <summary>A try is over.</summary>
    public sealed record Tried(WebhookEntry Entry, WebhookAnswer Answer) : WebhookCommand;

    /// <summary>Tells the waiting caller that the command could not be carried out.</summary>
    public void Fail(Exception exception)
    {
        switch (this)
        {
            case Retry retry:
                retry.Answer.TrySetException(exception);
                break;
            case Test test:
                test.Answer.TrySetException(exception);
                break;
        }
    }
}
