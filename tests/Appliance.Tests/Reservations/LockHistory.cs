using System.Collections.Concurrent;
using System.Diagnostics;
using Appliance.TestKit.Histories;

namespace Appliance.Tests.Reservations;

/// <summary>What all clients of one history have seen, with one clock for all. Thread-safe.</summary>
internal sealed class LockHistory
{
    private readonly ConcurrentQueue<Operation<LockModel>> _operations = new();
    private readonly ConcurrentQueue<long> _kills = new();
    private readonly ConcurrentQueue<(string Holder, long Epoch, string Token)> _tokens = new();

    public int Count => _operations.Count;

    /// <summary>Every token that was told to anybody, the oldest first.</summary>
    public IReadOnlyList<(string Holder, long Epoch, string Token)> Tokens => [.. _tokens];

    public static long Now() => Stopwatch.GetTimestamp();

    public void Add(string text, long call, Func<LockModel, IEnumerable<LockModel>> apply) => _operations.Enqueue(new Operation<LockModel>(text, call, Now(), apply));

    /// <summary>No answer came. It can take effect until the appliance is killed, or for ever.</summary>
    public void AddUnknown(string text, long call, Func<LockModel, IEnumerable<LockModel>> apply) =>
        _operations.Enqueue(new Operation<LockModel>($"{text} → no answer", call, Operation<LockModel>.Never, apply) { IsUnknown = true });

    public void Learn(string holder, long epoch, string token) => _tokens.Enqueue((holder, epoch, token));

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
}
