namespace Appliance.Simulation.Running;

/// <summary>
/// Where code runs: the machines, or one life of the appliance. A place that dies does nothing any more, as a process after <c>kill -9</c>: no continuation, no
/// timer, no <c>finally</c>. One that sleeps does nothing for a while, as a process after <c>SIGSTOP</c>, and then everything late.
/// </summary>
internal sealed class Place
{
    private readonly Pump _pump;
    private readonly List<Action> _late = [];

    public Place(Pump pump)
    {
        _pump = pump;
        Context = new PlaceContext(this);
        Scheduler = new PlaceScheduler(this);
        Clock = new PlaceClock(this, pump.Clock);
    }

    /// <summary>Where its awaits come back to.</summary>
    public SynchronizationContext Context { get; }

    /// <summary>Where its work runs.</summary>
    public TaskScheduler Scheduler { get; }

    /// <summary>Its clock: the pump's, with timers that die with the place.</summary>
    public TimeProvider Clock { get; }

    public bool IsAlive { get; private set; } = true;

    public bool IsAsleep { get; private set; }

    /// <summary>Makes something ready to run here.</summary>
    public void Post(Action work)
    {
        if (!IsAlive)
        {
            return;
        }

        if (IsAsleep)
        {
            _late.Add(work);
        }
        else
        {
            _pump.Post(this, work);
        }
    }

    /// <summary>Runs asynchronous work here; the caller's place hears of its end.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        // Continuations without a place of their own run here and not on the thread pool.
        var answer = new TaskCompletionSource<T>();
        Post(() => _ = AnswerAsync(work, answer));
        return answer.Task;
    }

    /// <summary>Nothing is done any more until it wakes.</summary>
    public void Sleep()
    {
        IsAsleep = true;
        _late.AddRange(_pump.Forget(this));
    }

    /// <summary>Does what became due meanwhile.</summary>
    public void Wake()
    {
        IsAsleep = false;
        foreach (var work in _late)
        {
            Post(work);
        }

        _late.Clear();
    }

    public void Die()
    {
        IsAlive = false;
        _late.Clear();
        _pump.Forget(this);
    }

    private static async Task AnswerAsync<T>(Func<Task<T>> work, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.SetResult(await work());
        }
        catch (Exception exception)
        {
            answer.SetException(exception);
        }
    }

    private sealed class PlaceContext(Place place) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => place.Post(() => d(state));

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing here waits for another thread.");

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class PlaceScheduler(Place place) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        protected override void QueueTask(Task task) => place.Post(() => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class PlaceClock(Place place, TimeProvider clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // A real timer that fell due several times while nobody looked fires once.
            var isDue = false;
            return clock.CreateTimer(
                due =>
                {
                    if (!isDue)
                    {
                        isDue = true;
                        place.Post(() =>
                        {
                            isDue = false;
                            callback(due);
                        });
                    }
                },
                state,
                dueTime,
                period);
        }
    }
}
