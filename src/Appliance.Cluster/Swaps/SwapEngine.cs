using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Settings;
using Microsoft.Extensions.Hosting;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Makes wanted models the running ones. One loop owns the state of all lanes; callers ask for an outcome and never for a step. Thread-safe.
/// Jobs belong to the engine: they go on when the caller leaves, and are taken up again when the appliance was restarted.
/// </summary>
public sealed class SwapEngine : BackgroundService
{
    private readonly SwapMailbox _mailbox;
    private readonly SwapLoop _loop;
    private readonly SwapAdmission _admission;
    private readonly SwapJournal _journal;
    private readonly SwapPublisher _publisher;
    private readonly SwapRecords _records;
    private readonly ReservationKeeper _reservations;
    private readonly ISettings _settings;

    internal SwapEngine(
        SwapMailbox mailbox,
        SwapLoop loop,
        SwapAdmission admission,
        SwapJournal journal,
        SwapPublisher publisher,
        SwapRecords records,
        ReservationKeeper reservations,
        ISettings settings)
    {
        (_mailbox, _loop, _admission, _journal) = (mailbox, loop, admission, journal);
        (_publisher, _records, _reservations, _settings) = (publisher, records, reservations, settings);
    }

    /// <summary>How long running answers may go on, now, before a model is stopped.</summary>
    public TimeSpan DrainLimit => TimeSpan.FromSeconds(_settings.Get(SwapSettings.DrainSeconds));

    /// <summary>Asks that a model answers on a lane. Answers when the job is accepted (and durable) or refused; the job itself goes on.</summary>
    public Task<SwapOutcome> RequestAsync(SwapRequest request, CancellationToken cancellationToken) =>
        _mailbox.AskAsync<SwapOutcome>(answer => new SwapCommand.Request(request, answer), cancellationToken);

    /// <summary>Asks that nothing runs on a lane. Stopping is a job of its own; <paramref name="pass"/> is what the caller shows if the lane is reserved.</summary>
    public Task<SwapOutcome> StopAsync(LaneId lane, LanePass pass, string requestedBy, CancellationToken cancellationToken) =>
        _mailbox.AskAsync<SwapOutcome>(answer => new SwapCommand.Stop(lane, pass, requestedBy, answer), cancellationToken);

    /// <summary>
    /// Asks that a job be undone and the previous model brought back; a job that has ended stays as it is. On a lane that somebody else has reserved it takes
    /// the token, or a person's force, which here ends no reservation.
    /// </summary>
    public Task<CancelOutcome> CancelAsync(SwapJobId id, LanePass pass, string requestedBy, CancellationToken cancellationToken) =>
        _mailbox.AskAsync<CancelOutcome>(answer => new SwapCommand.Cancel(id, pass, requestedBy, answer), cancellationToken);

    /// <summary>What a swap would do: <see cref="SwapOutcome.Planned"/>, or the refusal that a request would get now. Touches nothing.</summary>
    public async Task<SwapOutcome> PlanAsync(SwapRequest request, CancellationToken cancellationToken)
    {
        var lane = _publisher.FindLane(request.Lane);
        var verdict = _admission.Decide(request, lane?.Swap, lane?.Queue ?? [], isStaying: false);
        if (verdict is not SwapAdmission.Verdict.Admitted admitted)
        {
            return ((SwapAdmission.Verdict.Refused)verdict).Outcome;
        }

        var recent = await _journal.ReadRecentAsync(50, cancellationToken);
        return new SwapOutcome.Planned(new SwapPlan
        {
            Model = admitted.Card,
            Lane = admitted.Lane,
            Launch = admitted.Launch,
            Stops = admitted.Now.Serving?.Name,
            RunningRequests = admitted.Now.Serving?.Running,
            Position = admitted.HasToWait ? admitted.Now.Queue.Length + 1 : null,
            Ends = _reservations.FindEnded(admitted.Lane.Id, request.Pass),
            DrainLimit = DrainLimit,
            Fit = admitted.Card.Fit,
            Estimate = await _journal.FindEstimateAsync(admitted.Lane.Id, admitted.Card.Id, admitted.Launch.Hosts, image: null, cancellationToken),
            LastOutcomes = [.. recent.Where(job => job.Lane == admitted.Lane.Id && job.Kind == SwapKind.Swap && job.State.IsTerminal()).Take(10).Select(job => job.State)],
        });
    }

    /// <summary>The job, running or ended; null when there is none of that id.</summary>
    public Task<SwapJob?> FindAsync(SwapJobId id, CancellationToken cancellationToken) => _records.FindAsync(id, cancellationToken);

    /// <summary>The newest jobs, newest first; <paramref name="limit"/> 1 to 200.</summary>
    public Task<ImmutableArray<SwapJob>> ReadRecentAsync(int limit, CancellationToken cancellationToken) => _records.ReadRecentAsync(limit, cancellationToken);

    /// <summary>The newest jobs of one model, newest first; <paramref name="limit"/> 1 to 200.</summary>
    public Task<ImmutableArray<SwapJob>> ReadRecentAsync(ModelId model, int limit, CancellationToken cancellationToken) => _records.ReadRecentAsync(model, limit, cancellationToken);

    /// <summary>How long each model took to come up on the hosts on which it was started last; models that were never started are not in it.</summary>
    public Task<ImmutableDictionary<ModelId, LoadEstimate>> ReadEstimatesAsync(CancellationToken cancellationToken) => _journal.ReadEstimatesAsync(cancellationToken);

    /// <summary>The server's log of a job, oldest line first; empty when nothing was written or nothing is kept.</summary>
    public Task<ImmutableArray<string>> ReadLogAsync(SwapJobId id, CancellationToken cancellationToken) => _records.ReadLogAsync(id, cancellationToken);

    /// <summary>The last lines of the servers that a job started and stopped, newest first; empty when none are kept.</summary>
    public Task<ImmutableArray<ServerLog>> ReadServerLogsAsync(SwapJobId id, CancellationToken cancellationToken) => _records.ReadServerLogsAsync(id, cancellationToken);

    /// <summary>
    /// The updates of a job after a number (0 is from the beginning), to its end. An unknown job has none. Of a job that ended long ago, the log and the end
    /// are told.
    /// </summary>
    public IAsyncEnumerable<SwapUpdate> FollowAsync(SwapJobId id, long after, CancellationToken cancellationToken) =>
        _records.FollowAsync(id, after, cancellationToken);

    /// <summary>The job when it has ended, or as it is after <paramref name="limit"/>; null for an unknown job.</summary>
    public Task<SwapJob?> WaitAsync(SwapJobId id, TimeSpan limit, CancellationToken cancellationToken) => _records.WaitAsync(id, limit, cancellationToken);

    /// <summary>Reservations are there before anybody can ask: the web server starts after this.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _reservations.RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _loop.RunAsync(stoppingToken);
}
