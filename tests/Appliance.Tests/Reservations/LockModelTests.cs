using Appliance.TestKit.Histories;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Reservations;

/// <summary>The checker has to say no: each of these histories breaks one promise of the lock, and a right one beside it shows that it is that promise.</summary>
public sealed class LockModelTests
{
    private long _stamp;

    [Fact]
    public void Right_one_after_the_other_is_accepted() => Check(
        Granted("alice", 1, 10), Held("bob", "alice", 1), Get("alice", 1, 10), Wait(4), Get("alice", 1, 6), Extended("alice", 1, 10), Wait(9), Get("alice", 1, 1),
        Released(1), Free(), Released(1), Granted("bob", 2, 10), Released(1, "bob", 2), Forced(), WrongToken(2), LetPast(null), Granted("carol", 4, 10), Wait(10), Free(), Settling(),
        Wait(1), Granted("dave", 5, 1)).ShouldBeNull();

    [Fact]
    public void Right_side_by_side_is_accepted_in_whatever_order_it_can_have_happened()
    {
        Check(Between(0, 9, Granted("alice", 1, 10)), Between(1, 8, Held("bob", "alice", 1)), Between(2, 3, Free()), Between(4, 5, Get("alice", 1, 10))).ShouldBeNull();
        Check(Between(0, 9, Released(1)), Between(1, 2, Get("alice", 1, 10)), Between(3, 4, Free())).ShouldNotBeNull("nobody was granted it");
    }

    [Fact]
    public void An_end_that_would_have_ended_nothing_at_first_may_have_come_later()
    {
        Check(Between(0, 9, Forced()), Between(1, 2, Free()), Between(3, 4, Granted("alice", 1, 10)), Between(5, 6, Free())).ShouldBeNull();
        Check(Between(0, 2, Forced()), Between(1, 2, Free()), Between(3, 4, Granted("alice", 1, 10)), Between(5, 6, Free())).ShouldNotBeNull();
    }

    [Fact]
    public void Time_that_is_granted_counts_from_a_moment_between_call_and_answer()
    {
        var granted = Between(0, 9, Step("alice gets 1", now => LockModel.Granted(now, "alice", 1, 10, [0, 2, 5])));
        Check(granted, Between(1, 2, Wait(2)), Between(3, 4, Free()), Between(10, 11, Get("alice", 1, 8))).ShouldBeNull();
        Check(granted, Between(1, 2, Wait(2)), Between(3, 4, Free()), Between(10, 11, Get("alice", 1, 7))).ShouldNotBeNull("less than was promised");
    }

    [Fact]
    public void Lost_answer_may_have_counted_or_not()
    {
        var lost = Between(0, Operation<LockModel>.Never, Step("?", now => LockModel.PerhapsGranted(now, "alice", 10))) with { IsUnknown = true };

        Check(lost, Between(1, 2, Free()), Between(3, 4, Get("alice", 7, 10)), Between(5, 6, Held("bob", "alice", 7))).ShouldBeNull();
        Check(lost, Between(1, 2, Free()), Between(3, 4, Granted("bob", 7, 10))).ShouldBeNull();
        Check(lost with { Return = 2 }, Between(3, 4, Free()), Between(5, 6, Get("alice", 7, 10))).ShouldNotBeNull("what was cut off at 2 cannot begin at 5");
    }

    [Fact]
    public void Restart_grants_the_whole_time_once_more()
    {
        Check(Granted("alice", 1, 10), Wait(9), Restart(), Get("alice", 1, 10), Extended("alice", 1, 10)).ShouldBeNull();
        Check(Granted("alice", 1, 10), Wait(10), Restart(), Get("alice", 1, 10)).ShouldBeNull("nobody had been told that it was over");
        Check(Granted("alice", 1, 10), Wait(10), Restart(), Free()).ShouldBeNull();
    }

    public static TheoryData<string> Wrong() =>
    [
        "two grants at once", "a refusal although it is free", "a refusal that names somebody who no longer holds it", "an end that comes too early", "an expired holder is shown",
        "an extension after the end", "an extension with a foreign token", "an epoch that sinks", "a forced release that raises no epoch", "a release that frees a successor",
        "a second release is refused", "a swap of somebody else passes", "the holder's own swap is locked", "a token is good after a forced release", "a stale read after a grant was answered",
        "a reservation that a restart forgets", "a restart that shortens it", "a next grant before the lane has settled", "one that was seen to be over comes back", "a read of the future",
        "a wall clock that ends it", "two lost grants that both count",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_history_is_rejected(string mistake) => Check(mistake switch
    {
        "two grants at once" => [Granted("alice", 1, 10), Granted("bob", 2, 10)],
        "a refusal although it is free" => [Granted("alice", 1, 10), Released(1), Held("bob", "alice", 1)],
        "a refusal that names somebody who no longer holds it" => [Granted("alice", 1, 10), Released(1), Granted("bob", 2, 10), Held("carol", "alice", 1)],
        "an end that comes too early" => [Granted("alice", 1, 10), Wait(9.9), Free()],
        "an expired holder is shown" => [Granted("alice", 1, 10), Wait(10), Get("alice", 1, 1)],
        "an extension after the end" => [Granted("alice", 1, 10), Wait(10), Extended("alice", 1, 10)],
        "an extension with a foreign token" => [Granted("alice", 1, 10), Released(1), Granted("alice", 2, 10), Extended("alice", 1, 10)],
        "an epoch that sinks" => [Granted("alice", 5, 10), Released(5), Granted("bob", 4, 10)],
        "a forced release that raises no epoch" => [Granted("alice", 1, 10), Forced(), Granted("bob", 2, 10)],
        "a release that frees a successor" => [Granted("alice", 1, 10), Released(1), Granted("bob", 2, 10), Released(1)],
        "a second release is refused" => [Granted("alice", 1, 10), Released(1), Granted("bob", 2, 10), Forbidden(1)],
        "a swap of somebody else passes" => [Granted("alice", 1, 10), LetPast(null)],
        "the holder's own swap is locked" => [Granted("alice", 1, 10), WrongToken(1)],
        "a token is good after a forced release" => [Granted("alice", 1, 10), Forced(), LetPast(1)],
        "a stale read after a grant was answered" => [Between(0, 1, Granted("alice", 1, 10)), Between(2, 3, Free())],
        "a reservation that a restart forgets" => [Granted("alice", 1, 10), Restart(), Free()],
        "a restart that shortens it" => [Granted("alice", 1, 10), Wait(5), Restart(), Get("alice", 1, 5)],
        "a next grant before the lane has settled" => [Granted("alice", 1, 10), Wait(10), Granted("bob", 2, 10)],
        "one that was seen to be over comes back" => [Granted("alice", 1, 10), Wait(10), Free(), Restart(), Get("alice", 1, 10)],
        "a read of the future" => [Between(0, 1, Get("alice", 1, 10)), Between(2, 3, Granted("alice", 1, 10))],
        "a wall clock that ends it" => [Granted("alice", 1, 10), Extended("alice", 1, 10), Lost()],
        "two lost grants that both count" =>
        [
            Between(0, Operation<LockModel>.Never, Step("?", now => LockModel.PerhapsGranted(now, "alice", 10))) with { IsUnknown = true },
            Between(0, Operation<LockModel>.Never, Step("?", now => LockModel.PerhapsGranted(now, "bob", 10))) with { IsUnknown = true },
            Between(1, 2, Get("alice", 1, 10)), Between(3, 4, Get("bob", 2, 10)), Between(5, 6, Get("alice", 1, 10)),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
    }).ShouldNotBeNull();

    private static string? Check(params Operation<LockModel>[] history) => LinearizabilityChecker<LockModel>.FindFault(LockModel.Free, history);

    private static Operation<LockModel> Between(long call, long end, Operation<LockModel> operation) => operation with { Call = call, Return = end };

    /// <summary>Strictly after the one before.</summary>
    private Operation<LockModel> Step(string text, Func<LockModel, IEnumerable<LockModel>> apply) => new(text, ++_stamp, ++_stamp, apply);

    private Operation<LockModel> Granted(string holder, long epoch, double ttl) => Step($"{holder} gets {epoch}", now => LockModel.Granted(now, holder, epoch, ttl));

    private Operation<LockModel> Held(string asker, string by, long epoch) => Step($"{asker} is refused, {by} holds", now => LockModel.RefusedAsHeld(now, asker, null, by, epoch));

    private Operation<LockModel> Settling() => Step("settling", LockModel.RefusedAsSettling);

    private Operation<LockModel> Lost() => Step("lost", LockModel.Lost);

    private Operation<LockModel> Extended(string holder, long token, double ttl) => Step($"{holder} extends {token}", now => LockModel.Extended(now, holder, token, ttl));

    private Operation<LockModel> Released(long token, string? by = null, long epoch = 0) => Step($"{token} is given back", now => LockModel.Released(now, token, by, epoch));

    private Operation<LockModel> Forbidden(long token) => Step($"{token} may not be given back", now => LockModel.ReleaseForbidden(now, token));

    private Operation<LockModel> Forced() => Step("forced", LockModel.Forced);

    private Operation<LockModel> Get(string by, long epoch, long seconds) => Step($"{by} is seen", now => LockModel.SeenHeld(now, by, epoch, seconds));

    private Operation<LockModel> Free() => Step("free is seen", LockModel.SeenFree);

    private Operation<LockModel> LetPast(long? token) => Step("let past", now => LockModel.LetPast(now, token));

    private Operation<LockModel> WrongToken(long token) => Step("wrong token", now => LockModel.WrongToken(now, token));

    private Operation<LockModel> Wait(double seconds) => Step($"{seconds} s pass", now => LockModel.Waited(now, seconds));

    private Operation<LockModel> Restart() => Step("restart", LockModel.Restarted);
}
