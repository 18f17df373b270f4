using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.Routing;
using Appliance.Cluster.View;
using Microsoft.Extensions.Logging;

namespace Appliance.Cluster.Swaps;

/// <summary>
/// Wishes of callers who wait for a model, as jobs of the engine: however many want the same model, there is one job, with the lock, the fit and the queue
/// respected as for everybody. A job that was begun for callers alone is cancelled when the last of them has been gone for a while. Thread-safe.
/// </summary>
internal sealed partial class ModelWishes(SwapEngine engine, ClusterView view, TimeProvider time, ILogger<ModelWishes> logger) : IModelWishes, IAsyncDisposable
{
    /// <summary>Who asks, in the history of jobs.</summary>
    public const string RequestedBy = "a waiting program";

    /// <summary>A client that lost its connection asks again within this time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>A model that did not come up is not tried again for a program within this time: crash loops can hang a Spark (F-10). A person may.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<ModelId, Wish> _wishes = [];
    private readonly HashSet<Task> _cancelling = [];
    private bool _isClosed;

    /// <inheritdoc/>
    public async Task<WishOutcome> WantAsync(ModelId model, CancellationToken cancellationToken)
    {
        Wish wish;
        lock (_gate)
        {
            if (!_wishes.TryGetValue(model, out wish!) || IsOver(wish))
            {
                wish?.Timer?.Dispose();
                _wishes[model] = wish = new Wish();
                wish.Begin(() => AskAsync(model));
            }

            wish.Interested++;
            wish.Timer?.Dispose();
            wish.Timer = null;
        }

        try
        {
            var answer = await wish.Asking.WaitAsync(cancellationToken);
            if (answer is WishAnswer.Refused refused)
            {
                Leave(model, wish, TimeSpan.Zero);
                return refused.Refusal;
            }
        }
        catch
        {
            Leave(model, wish, TimeSpan.Zero);
            throw;
        }

        return new WishOutcome.Joined(new ModelInterest(stays => Leave(model, wish, stays)));
    }

    /// <summary>Jobs belong to the engine and go on; only cancels that are on their way are waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] cancelling;
        lock (_gate)
        {
            _isClosed = true;
            foreach (var wish in _wishes.Values)
            {
                wish.Timer?.Dispose();
            }

            cancelling = [.. _cancelling];
        }

        await Task.WhenAll(cancelling);
    }

    private async Task<WishAnswer> AskAsync(ModelId model)
    {
        if (WhyNotAgain(model) is { } failedBefore)
        {
            return new WishAnswer.Refused(failedBefore);
        }

        SwapOutcome? refusal = null;
        foreach (var lane in LanesFor(model))
        {
            var outcome = await engine.RequestAsync(
                new SwapRequest { Model = model.Value, Lane = lane.Definition.Id, RequestedBy = RequestedBy, Queue = true }, CancellationToken.None);
            switch (outcome)
            {
                case SwapOutcome.Accepted accepted:
                    LogWanted(model.Value, lane.Definition.Id.Value, accepted.Job.Id.Value);
                    return new WishAnswer.Job(accepted.Job.Id, IsOurs: accepted.Job.RequestedBy == RequestedBy);
                case SwapOutcome.InProgress { Running: var running } when running.Model == model && running.Kind == SwapKind.Swap:
                    return new WishAnswer.Job(running.Id, IsOurs: false);
                case SwapOutcome.AlreadySo:
                    return new WishAnswer.Already();
                case var refused:
                    refusal ??= refused;
                    // A lane on which the model could not run anyway is no reason; one on which it only may not run now is.
                    if (refused is not (SwapOutcome.NotReady or SwapOutcome.DoesNotFit or SwapOutcome.DiskFull or SwapOutcome.HostUnusable))
                    {
                        return new WishAnswer.Refused(WishRefusals.Of(refused));
                    }

                    break;
            }
        }

        return new WishAnswer.Refused(refusal is null ? WishRefusals.NoLane : WishRefusals.Of(refusal));
    }

    private WishOutcome.Refused? WhyNotAgain(ModelId model)
    {
        var failed = view.Current.Lanes.Select(lane => lane.LastSwap)
            .FirstOrDefault(job => job is { State: SwapState.Failed or SwapState.RolledBack, EndedAt: { } ended } && job.Model == model && time.GetUtcNow() - ended < AfterFailure);
        return failed is null ? null : new WishOutcome.Refused(
            "last_start_failed", $"{failed.ModelName} did not come up when it was last tried: {failed.Failure?.Message} It can be started again on the dashboard.");
    }

    /// <summary>Where the model ran last, then the main lane, then the others.</summary>
    private IEnumerable<LaneSnapshot> LanesFor(ModelId model) =>
        view.Current.Lanes.OrderByDescending(lane => lane.LastSwap is { State: SwapState.Live, Kind: SwapKind.Swap } last && last.Model == model);

    private void Leave(ModelId model, Wish wish, TimeSpan stays)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(0);
            wish.Interested--;
            wish.KeptUntil = wish.KeptUntil > now + stays ? wish.KeptUntil : now + stays;
            if (wish.Interested > 0 || _isClosed)
            {
                return;
            }

            var left = wish.KeptUntil - now;
            wish.Timer?.Dispose();
            wish.Timer = time.CreateTimer(_ => Expire(model, wish), null, left > Grace ? left : Grace, Timeout.InfiniteTimeSpan);
        }
    }

    private void Expire(ModelId model, Wish wish)
    {
        lock (_gate)
        {
            if (wish.Interested > 0 || _isClosed)
            {
                return;
            }

            wish.Timer?.Dispose();
            if (_wishes.GetValueOrDefault(model) == wish)
            {
                _wishes.Remove(model);
            }

            if (wish.Answer is WishAnswer.Job { IsOurs: true } job && IsOpen(job.Id))
            {
                var cancelling = CancelAsync(job.Id);
                _cancelling.Add(cancelling);
                _ = cancelling.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        void Forget(Task cancelling)
        {
            lock (_gate)
            {
                _cancelling.Remove(cancelling);
            }
        }
    }

    private async Task CancelAsync(SwapJobId job)
    {
        await Task.Yield();
        try
        {
            await engine.CancelAsync(job, LanePass.None, "the appliance, because nobody waits for it any more", CancellationToken.None);
            LogCancelled(job.Value);
        }
        catch (Exception error)
        {
            LogNotCancelled(error, job.Value);
        }
    }

    private bool IsOver(Wish wish) => wish.Asking.IsCompleted && !(wish.Answer is WishAnswer.Job job && IsOpen(job.Id));

    private bool IsOpen(SwapJobId id) => view.Current.Lanes.Any(lane => (lane.Swap?.Id == id && !lane.Swap.State.IsTerminal()) || lane.Queue.Any(job => job.Id == id));

    [LoggerMessage(LogLevel.Information, "A program waits for {Model}: job {Job} loads it on lane {Lane}")]
    private partial void LogWanted(string model, string lane, string job);

    [LoggerMessage(LogLevel.Information, "Job {Job} was cancelled: nobody waits for its model any more")]
    private partial void LogCancelled(string job);

    [LoggerMessage(LogLevel.Error, "Job {Job}, for which nobody waits any more, could not be cancelled; it goes on")]
    private partial void LogNotCancelled(Exception error, string job);

    private sealed class Wish
    {
        private WishAnswer? _answer;

        public Task<WishAnswer> Asking { get; private set; } = Task.FromResult<WishAnswer>(new WishAnswer.Already());

        /// <summary>What the engine said; null before it has, and when asking failed.</summary>
        public WishAnswer? Answer => Volatile.Read(ref _answer);

        public int Interested { get; set; }

        /// <summary>Callers who were told to come back do so until then, by a clock that only goes forward.</summary>
        public TimeSpan KeptUntil { get; set; }

        /// <summary>Runs while nobody is interested.</summary>
        public ITimer? Timer { get; set; }

        public void Begin(Func<Task<WishAnswer>> ask) => Asking = Task.Run(async () =>
        {
            var answer = await ask();
            Volatile.Write(ref _answer, answer);
            return answer;
        });
    }

    private abstract record WishAnswer
    {
        /// <summary>A job loads it; ours when nobody else asked for it.</summary>
        public sealed record Job(SwapJobId Id, bool IsOurs) : WishAnswer;

        /// <summary>It answers already.</summary>
        public sealed record Already : WishAnswer;

        public sealed record Refused(WishOutcome.Refused Refusal) : WishAnswer;
    }
}
