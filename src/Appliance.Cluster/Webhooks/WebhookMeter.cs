using System.Diagnostics.Metrics;

namespace Appliance.Cluster.Webhooks;

/// <summary>The outbox as gauges, read when somebody asks. Absent until the outbox was read once. Thread-safe.</summary>
public sealed class WebhookMeter : IDisposable
{
    private readonly WebhookCourier _courier;
    private readonly TimeProvider _time;

    internal WebhookMeter(WebhookCourier courier, TimeProvider time)
    {
        (_courier, _time) = (courier, time);
        Meter = new Meter(new MeterOptions("Appliance.Webhooks") { Scope = this });
        Meter.CreateObservableGauge("appliance.webhook.pending", () => Observe(numbers => (long)numbers.Pending), null, "Messages that wait to be sent, for the first time or again");
        Meter.CreateObservableGauge("appliance.webhook.failed", () => Observe(numbers => (long)numbers.Failed), null, "Messages that were given up and are still kept");
        Meter.CreateObservableGauge("appliance.webhook.oldest_pending_age", () => Observe(AgeOf), "s", "How long ago the oldest message that waits was made, 0 when none waits");
    }

    /// <summary>The meter that the gauges belong to.</summary>
    public Meter Meter { get; }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    // A wall clock that was put back makes no message younger than new.
    private double AgeOf(OutboxNumbers numbers) => numbers.OldestPending is { } made ? Math.Max(0, (_time.GetUtcNow() - made).TotalSeconds) : 0;

    private Measurement<T>[] Observe<T>(Func<OutboxNumbers, T> read)
        where T : struct =>
        _courier.Numbers is { } numbers ? [new Measurement<T>(read(numbers))] : [];
}
