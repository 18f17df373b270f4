using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Webhooks;

/// <summary>What pages and programs see of the outbox, and what they may ask of it. Thread-safe.</summary>
public sealed class WebhookDesk
{
    private readonly WebhookOutbox _outbox;
    private readonly WebhookCourier _courier;
    private readonly ISettings _settings;

    internal WebhookDesk(WebhookOutbox outbox, WebhookCourier courier, ISettings settings) => (_outbox, _courier, _settings) = (outbox, courier, settings);

    /// <summary>Grows with every change of a message: a page reads again when it has grown.</summary>
    public long Generation => _courier.Generation;

    /// <summary>The outbox now, with the newest <paramref name="limit"/> messages (1 to 200).</summary>
    public async Task<WebhookOverview> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        var settings = _settings.Current;
        return new WebhookOverview
        {
            Receiver = settings.Get(WebhookSettings.Url)?.GetLeftPart(UriPartial.Authority),
            IsSigned = settings.Get(WebhookSettings.Secret) is not null,
            Pending = await _outbox.CountAsync(WebhookState.Pending, cancellationToken),
            Dead = await _outbox.CountAsync(WebhookState.Dead, cancellationToken),
            Newest = await _outbox.ReadNewestAsync(Math.Clamp(limit, 1, 200), cancellationToken),
        };
    }

    /// <summary>Wants a message sent (again). Answers when that is stored; the sending goes on.</summary>
    public Task<RetryOutcome> RetryAsync(WebhookId id, CancellationToken cancellationToken) => _courier.RetryAsync(id, cancellationToken);

    /// <summary>Sends a test message and waits for its one try; null when no receiver is set.</summary>
    /// <param name="requestedBy">Who asks, in words.</param>
    /// <param name="cancellationToken">Ends the waiting, not the test.</param>
    public Task<WebhookEntry?> TestAsync(string requestedBy, CancellationToken cancellationToken) => _courier.TestAsync(requestedBy, cancellationToken);
}
