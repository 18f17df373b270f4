using System.Net;
using Appliance.Cluster.Events;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.Cluster.Webhooks;
using Appliance.TestKit.Files;
using Appliance.TestKit.Given;
using Appliance.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Cluster.Tests.Webhooks;

/// <summary>The outbox with its loop on a data directory that outlives a restart, a clock that is moved by hand and real sockets.</summary>
internal sealed class OutboxRig : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly TemporaryFolder _folder = new();
    private Database _database = null!;
    private WebhookSender _sender = null!;
    private int _jobs;

    public ManualClock Clock { get; private set; } = new();

    public EventLog Events { get; private set; } = null!;

    public WebhookOutbox Outbox { get; private set; } = null!;

    public WebhookCourier Courier { get; private set; } = null!;

    public WebhookDesk Desk { get; private set; } = null!;

    public ChangingSettings Settings { get; } = new();

    /// <summary>What names lead to; by default nobody is asked, because the tests' receivers are literals.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; set; } = Dns.GetHostAddressesAsync;

    public WebhookBounds Bounds { get; set; } = WebhookBounds.None;

    public static async Task<OutboxRig> StartAsync(Uri? receiver, string? secret = Secret, Action<OutboxRig>? configure = null)
    {
        var rig = new OutboxRig();
        rig.Settings.Set(receiver?.AbsoluteUri, secret);
        configure?.Invoke(rig);
        await rig.OpenAsync();
        await rig.Courier.StartAsync(CancellationToken.None).DefaultTimeout();
        await rig.CatchUpAsync();
        return rig;
    }

    /// <summary>As after a kill: what was under way is lost. With another wall clock if wanted.</summary>
    public async Task StartAgainAsync(TimeSpan wallClockJump = default)
    {
        await CloseAsync();
        Clock = new ManualClock(Clock.GetUtcNow() + wallClockJump);
        await OpenAsync();
        await Courier.StartAsync(CancellationToken.None).DefaultTimeout();
        await CatchUpAsync();
    }

    /// <summary>Stops the loop and leaves the store: what ends now is found at the next start.</summary>
    public Task StopCourierAsync() => Courier.StopAsync(CancellationToken.None).DefaultTimeout();

    /// <summary>A job ends, as the engine stores it.</summary>
    public async Task<WebhookId> EndJobAsync(SwapState state = SwapState.Live)
    {
        var job = Given.Swap(state) with { Id = SwapJobId.Parse($"swap-{++_jobs}"), EndedAt = Clock.GetUtcNow() };
        await Events.AppendAsync(SwapSentences.Ended(job), (connection, transaction) => WebhookOutbox.Write(connection, transaction, job), CancellationToken.None);
        return WebhookId.Of(job.Id);
    }

    /// <summary>Ends when something holds of the outbox as numbers.</summary>
    public async Task WhenNumbersAsync(Func<OutboxNumbers, bool> hold)
    {
        await WaitAsync().DefaultTimeout();

        async Task WaitAsync()
        {
            while (Courier.Numbers is not { } numbers || !hold(numbers))
            {
                await CatchUpAsync();
            }
        }
    }

    /// <summary>The message when something holds of it.</summary>
    public async Task<WebhookEntry> WhenAsync(WebhookId id, Func<WebhookEntry, bool> holds)
    {
        return await FindAsync().DefaultTimeout();

        async Task<WebhookEntry> FindAsync()
        {
            while (true)
            {
                if (await Outbox.FindAsync(id, CancellationToken.None) is { } entry && holds(entry))
                {
                    // What is stored is noted a moment later, and only then may the clock be moved.
                    await CatchUpAsync();
                    return entry;
                }

                await Task.Yield();
            }
        }
    }

    public Task<WebhookEntry> WhenFailedAsync(WebhookId id, int attempts) => WhenAsync(id, entry => entry.Attempts == attempts);

    public Task<WebhookEntry> WhenAsync(WebhookId id, WebhookState state) => WhenAsync(id, entry => entry.State == state);

    /// <summary>Moves the clock once the loop waits for it: a timer that is made only behind the move would count its time from there.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await UntilItWaitsAsync().DefaultTimeout();
        Clock.Advance(by);

        async Task UntilItWaitsAsync()
        {
            while (Clock.PendingTimers == 0)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>The loop answers in the order in which it is asked, so with the answer everything before is done.</summary>
    public Task CatchUpAsync() => Courier.RetryAsync(WebhookId.Parse("msg-nobody"), CancellationToken.None).DefaultTimeout();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private async Task OpenAsync()
    {
        _database = await Database.OpenAsync(_folder.File("appliance.db"), CancellationToken.None);
        Events = new EventLog(_database, new ClusterView(new FixedTopology(ClusterDefinition.Empty), Clock), NullLogger<EventLog>.Instance);
        Outbox = new WebhookOutbox(_database);
        _sender = new WebhookSender(Settings, new WebhookDialer(Bounds, (host, token) => Resolve(host, token)), Clock);
        Courier = new WebhookCourier(Outbox, _sender, Events, Settings, Clock, NullLogger<WebhookCourier>.Instance);
        Desk = new WebhookDesk(Outbox, Courier, Settings);
    }

    private async Task CloseAsync()
    {
        await StopCourierAsync();
        Courier.Dispose();
        _sender.Dispose();
        await _database.DisposeAsync();
    }
}
