namespace Appliance.TestKit.Time;

/// <summary>
/// A clock that stands until it is moved. Timers (and so <c>Task.Delay(…, clock, …)</c>) fire in order of their due time while it moves.
/// Thread-safe; callbacks run on the thread that moves the clock, outside the lock.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;
    private TimeSpan _elapsed;

    public ManualClock(DateTimeOffset? start = null) =>
        _now = start ?? new DateTimeOffset(2026, 11, 21, 7, 42, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait: a test may wait until the code under test has begun to wait.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    /// <summary>Moves both wall and monotonic time, firing what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan end;
        lock (_gate)
        {
            end = _elapsed + by;
        }

        while (TakeNextDue(end) is { } due)
        {
            due.Fire();
        }

        lock (_gate)
        {
            MoveTo_NeedsLock(end);
        }
    }

    /// <summary>Moves wall and monotonic time at once, as a sleep of the machine does: nobody sees a time in between, and what fell due fires late.</summary>
    public void Leap(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan end;
        lock (_gate)
        {
            end = _elapsed + by;
            MoveTo_NeedsLock(end);
        }

        while (TakeNextDue(end) is { } due)
        {
            due.Fire();
        }
    }

    /// <summary>Moves to the next timer, if there is one within <paramref name="limit"/>, and fires it. False when nothing waits.</summary>
    public bool AdvanceToNextTimer(TimeSpan limit)
    {
        TimeSpan end;
        lock (_gate)
        {
            end = _elapsed + limit;
        }

        var due = TakeNextDue(end);
        due?.Fire();
        return due is not null;
    }

    /// <summary>Moves wall time only, as NTP or a person does: monotonic time and timers stay.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeNextDue(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).OrderBy(timer => timer.Due).ThenBy(timer => timer.Order).FirstOrDefault();
            if (next is null)
            {
                return null;
            }

            if (next.Due > _elapsed)
            {
                MoveTo_NeedsLock(next.Due);
            }

            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private void MoveTo_NeedsLock(TimeSpan elapsed)
    {
        if (elapsed <= _elapsed)
        {
            return;
        }

        _now += elapsed - _elapsed;
        _elapsed = elapsed;
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private static long s_orders;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public long Order { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                Due = clock._elapsed + dueTime;
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                Order = Interlocked.Increment(ref s_orders);
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
