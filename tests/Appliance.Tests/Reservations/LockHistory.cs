using System.Collections.Concurrent;
using System.Diagnostics;
using Appliance.TestKit.Histories;

namespace Appliance.Tests.Reservations;

/// <summary>What all clients of one history have seen, with one clock for all. Thread-safe.</summary>
/// <param name="half">So many operations are over in the middle of the history.</param>
internal sealed class LockHistory(int half = 0)
{
    private readonly ConcurrentQueue<Operation<LockModel>> _operations = new();
    private readonly ConcurrentQueue<long> _kills = new();
    private readonly ConcurrentQueue<(string Holder, long Epoch, string Token)> _tokens = new();
    private readonly ConcurrentQueue<double> _moments = new([0]);
    private readonly TaskCompletionSource _halfOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count => _operations.Count;

    /// <summary>Ends in the middle of the history.</summary>
    public Task HalfOver => _halfOver.Task;

    /// <summary>Where the appliance's clock stands, in seconds since the history began; it may be a little further already.</summary>
    public double Moment => _moments.Last();

    /// <summary>Every token that was told to anybody, the oldest first.</summary>
    public IReadOnlyList<(string Holder, long Epoch, string Token)> Tokens => [.. _tokens];

    public static long Now() => Stopwatch.GetTimestamp();

    public void Add(string text, long call, Func<LockModel, IEnumerable<LockModel>> apply) => Add(new Operation<LockModel>(text, call, Now(), apply));

    /// <summary>Somebody was told how things stand, or was refused.</summary>
    public void See(string text, long call, Func<LockModel, IEnumerable<LockModel>> apply) =>
        Add(new Operation<LockModel>(text, call, Now(), apply) { IsObservation = true });

    /// <summary>No answer came. It can take effect until the appliance is killed, or for ever.</summary>
    public void AddUnknown(string text, long call, Func<LockModel, IEnumerable<LockModel>> apply) =>
        Add(new Operation<LockModel>($"{text} → no answer", call, Operation<LockModel>.Never, apply) { IsUnknown = true });

    public void Learn(string holder, long epoch, string token) => _tokens.Enqueue((holder, epoch, token));

    /// <summary>Moves the appliance's clock.</summary>
    public void Pass(double seconds, Action<TimeSpan> move)
    {
        var call = Now();
        move(TimeSpan.FromSeconds(seconds));
        _moments.Enqueue(Math.Round(Moment + seconds, 6));
        Add($"{seconds} s pass", call, now => LockModel.Waited(now, seconds));
    }

    /// <summary>All moments at which the clock stood from <paramref name="moment"/> on; to be asked when the history is over.</summary>
    public IEnumerable<double> Since(double moment) => _moments.Where(later => later >= moment);

    /// <summary>Everything that was under way is over now.</summary>
    public void Killed() => _kills.Enqueue(Now());

    /// <summary>Null when all of it could have happened one after the other on a free and settled lane.</summary>
    public string? FindFault()
    {
        var kills = _kills.ToArray();
        return LinearizabilityChecker<LockModel>.FindFault(
            LockModel.Free,
            _operations.Select(operation => operation.IsUnknown ? operation with { Return = kills.FirstOrDefault(kill => kill > operation.Call, Operation<LockModel>.Never) } : operation));
    }

    private void Add(Operation<LockModel> operation)
    {
        _operations.Enqueue(operation);
        if (_operations.Count >= half)
        {
            _halfOver.TrySetResult();
        }
    }
}
