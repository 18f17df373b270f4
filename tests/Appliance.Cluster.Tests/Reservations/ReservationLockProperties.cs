using Appliance.Cluster.Reservations;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Reservations;

/// <summary>Random lives of one lock. What must hold is said in terms of what callers were told, not in terms of the lock's own state.</summary>
public sealed class ReservationLockProperties
{
    private static readonly string[] Holders = ["alice", "bob", "nightly"];
    private static readonly double[] Ttls = [1, 5, 60, 900];
    private static readonly double[] Waits = [0, 0.1, 0.5, 1, 4.9, 5, 30, 59.9, 60, 900];
    private static readonly double[] Jumps = [-3e8, -3600, -1, 1, 3600, 3e8];

    [Fact]
    public void Every_random_life_keeps_its_promises() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Live(seed, wallJumps: true).ShouldNotBeNull())
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void A_life_with_a_jumping_wall_clock_is_the_same_life() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), seed => Live(seed, wallJumps: true).ShouldBe(Live(seed, wallJumps: false)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    /// <summary>One life; the words of what happened.</summary>
    private static List<string> Live(int seed, bool wallJumps)
    {
        var random = new Random(seed);
        var bench = new LockBench();
        var told = new List<string>();
        var tokens = new List<ReservationToken>();
        var promise = new Promise(null, "", TimeSpan.Zero);
        var lastEpoch = 0L;
        for (var step = 0; step < 60; step++)
        {
            var now = bench.Clock.GetElapsedTime(0);
            var isPromised = promise.Token is not null && now < promise.Until;
            ReservationToken? shown = tokens.Count > 0 && random.Next(3) > 0 ? tokens[^Math.Min(tokens.Count, random.Next(1, 5))] : null;
            switch (random.Next(8))
            {
                case 0 or 1:
                    var (holder, ttl) = (Holders[random.Next(Holders.Length)], Ttls[random.Next(Ttls.Length)]);
                    var acquired = bench.Acquire(holder, ttl, shown);
                    told.Add(acquired.GetType().Name);
                    switch (acquired)
                    {
                        case ReservationOutcome.Granted granted:
                            isPromised.ShouldBeFalse();
                            granted.Reservation.Epoch.ShouldBeGreaterThan(lastEpoch);
                            lastEpoch = granted.Reservation.Epoch;
                            tokens.ShouldNotContain(granted.Token);
                            tokens.Add(granted.Token);
                            promise = new Promise(granted.Token, holder, now + TimeSpan.FromSeconds(ttl));
                            break;
                        case ReservationOutcome.Extended:
                            isPromised.ShouldBeTrue();
                            shown.ShouldBe(promise.Token);
                            holder.ShouldBe(promise.Holder);
                            promise = promise with { Until = now + TimeSpan.FromSeconds(ttl) };
                            break;
                        case ReservationOutcome.Held refused:
                            isPromised.ShouldBeTrue();
                            refused.By.Holder.ShouldBe(promise.Holder);
                            break;
                        default:
                            isPromised.ShouldBeFalse();
                            break;
                    }

                    break;
                case 2:
                    var released = bench.Release(shown);
                    told.Add(released.GetType().Name);
                    (released is ReservationOutcome.Freed).ShouldBe(isPromised && shown is not null && shown == promise.Token);
                    promise = released is ReservationOutcome.Freed ? promise with { Token = null } : promise;
                    break;
                case 3:
                    var forced = bench.Force();
                    told.Add(forced.GetType().Name);
                    (forced is ReservationOutcome.Freed).ShouldBe(isPromised);
                    promise = promise with { Token = null };
                    break;
                case 4:
                    bench.Wait(Waits[random.Next(Waits.Length)]);
                    break;
                case 5:
                    // One that has run out without anybody having looked is granted once more too: nobody was told that it was over.
                    bench.Restart();
                    promise = bench.State.Held is { } held ? promise with { Until = now + held.Ttl } : promise with { Token = null };
                    break;
                case 6:
                    var jump = TimeSpan.FromSeconds(Jumps[random.Next(Jumps.Length)]);
                    bench.Clock.JumpWallClock(wallJumps ? jump : TimeSpan.Zero);
                    break;
                default:
                    told.Add(bench.Look().GetType().Name);
                    break;
            }

            Look(bench, promise, tokens);
        }

        return told;
    }

    private static void Look(LockBench bench, Promise promise, List<ReservationToken> tokens)
    {
        var isHeld = promise.Token is not null && bench.Clock.GetElapsedTime(0) < promise.Until;
        bench.Held?.Holder.ShouldBe(promise.Holder);
        (bench.Held is not null).ShouldBe(isHeld);
        (bench.Check() is LanePassage.Open).ShouldBe(!isHeld);
        foreach (var token in tokens)
        {
            (bench.Check(token) is LanePassage.Open).ShouldBe(isHeld && token == promise.Token);
        }
    }

    /// <summary>What the last holder was told.</summary>
    private sealed record Promise(ReservationToken? Token, string Holder, TimeSpan Until);
}
