using System.Security.Cryptography;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Reservations;

public sealed class ReservationLockTests
{
    private static readonly ReservationToken Unknown = ReservationToken.New(RandomNumberGenerator.Create());
    private readonly LockBench _lock = new();

    [Fact]
    public void A_free_lane_is_granted_with_a_new_token_and_epoch()
    {
        var first = _lock.Acquire("nightly", 900, note: "evaluation").ShouldBeOfType<ReservationOutcome.Granted>();
        _lock.Release(first.Token);
        var second = _lock.Acquire("other").ShouldBeOfType<ReservationOutcome.Granted>();

        first.Reservation.Holder.ShouldBe("nightly");
        first.Reservation.Note.ShouldBe("evaluation");
        first.Reservation.Left.ShouldBe(TimeSpan.FromMinutes(15));
        first.Reservation.ExpiresAt.ShouldBe(_lock.Clock.GetUtcNow().AddMinutes(15));
        first.Token.Reveal().Length.ShouldBe(43);
        second.Token.ShouldNotBe(first.Token);
        second.Reservation.Epoch.ShouldBeGreaterThan(first.Reservation.Epoch);
    }

    [Fact]
    public void A_held_lane_is_refused_with_its_holder_also_to_the_same_name_without_the_token()
    {
        _lock.Granted("nightly");

        _lock.Acquire("other").ShouldBeOfType<ReservationOutcome.Held>().By.Holder.ShouldBe("nightly");
        _lock.Acquire("nightly").ShouldBeOfType<ReservationOutcome.Held>();
        _lock.Acquire("nightly", token: Unknown).ShouldBeOfType<ReservationOutcome.Held>();
    }

    [Fact]
    public void The_holder_with_its_token_extends_from_now_and_keeps_token_epoch_and_note()
    {
        var granted = _lock.Acquire("nightly", 60, note: "evaluation").ShouldBeOfType<ReservationOutcome.Granted>();
        _lock.Wait(50);

        var extended = _lock.Acquire("nightly", 60, granted.Token).ShouldBeOfType<ReservationOutcome.Extended>().Reservation;

        extended.Left.ShouldBe(TimeSpan.FromSeconds(60));
        extended.Epoch.ShouldBe(granted.Reservation.Epoch);
        extended.AcquiredAt.ShouldBe(granted.Reservation.AcquiredAt);
        extended.Note.ShouldBe("evaluation");
        _lock.Wait(59);
        _lock.Check(granted.Token).ShouldBeOfType<LanePassage.Open>();
    }

    [Fact]
    public void The_token_under_another_name_extends_nothing()
    {
        var token = _lock.Granted("nightly");

        _lock.Acquire("other", token: token).ShouldBeOfType<ReservationOutcome.Held>();
    }

    [Fact]
    public void A_holder_who_comes_too_late_learns_that_it_was_not_held_all_the_time()
    {
        var token = _lock.Granted("nightly", 10);
        _lock.Wait(100);

        _lock.Acquire("nightly", token: token).ShouldBeOfType<ReservationOutcome.Lost>();
        _lock.Acquire("nightly", token: Unknown).ShouldBeOfType<ReservationOutcome.Lost>();
        _lock.Acquire("nightly").ShouldBeOfType<ReservationOutcome.Granted>();
    }

    [Fact]
    public void Giving_back_twice_or_after_the_end_is_no_mistake_and_never_frees_a_successor()
    {
        var first = _lock.Granted("first");
        _lock.Release(first).ShouldBeOfType<ReservationOutcome.Freed>().Was.Holder.ShouldBe("first");
        _lock.Release(first).ShouldBeOfType<ReservationOutcome.Unchanged>().Now.ShouldBeNull();
        var second = _lock.Granted("second", 10);
        _lock.Release(first).ShouldBeOfType<ReservationOutcome.Unchanged>().Now!.Holder.ShouldBe("second");
        _lock.Wait(20);
        _lock.Release(second).ShouldBeOfType<ReservationOutcome.Unchanged>().Now.ShouldBeNull();
        _lock.Granted("third");
        _lock.Release(second).ShouldBeOfType<ReservationOutcome.Unchanged>().Now!.Holder.ShouldBe("third");
    }

    [Fact]
    public void A_token_that_never_held_the_lane_frees_nothing()
    {
        _lock.Release(Unknown).ShouldBeOfType<ReservationOutcome.Unchanged>();
        _lock.Granted("nightly");

        _lock.Release(Unknown).ShouldBeOfType<ReservationOutcome.WrongToken>();
        _lock.Release(null).ShouldBeOfType<ReservationOutcome.WrongToken>();
        _lock.Held.ShouldNotBeNull();
    }

    [Fact]
    public void A_person_ends_the_reservation_that_they_saw_and_no_other()
    {
        var token = _lock.Granted("nightly");
        var seen = _lock.Held!.Epoch;
        _lock.Release(token);
        _lock.Granted("other");

        _lock.Force(seen).ShouldBeOfType<ReservationOutcome.Held>().By.Holder.ShouldBe("other");
        _lock.Check(isForced: true, seenEpoch: seen).ShouldBeOfType<LanePassage.Locked>();
        _lock.Force().ShouldBeOfType<ReservationOutcome.Freed>().Was.Holder.ShouldBe("other");
        _lock.Force().ShouldBeOfType<ReservationOutcome.Unchanged>();
    }

    [Fact]
    public void A_token_whose_reservation_was_ended_by_force_is_good_for_nothing()
    {
        var token = _lock.Granted("nightly");
        _lock.Force();

        _lock.Check(token).ShouldBeOfType<LanePassage.WrongToken>();
        _lock.Acquire("nightly", token: token).ShouldBeOfType<ReservationOutcome.Lost>();
        _lock.Release(token).ShouldBeOfType<ReservationOutcome.Unchanged>();
    }

    [Fact]
    public void Only_the_holder_passes_and_force_passes_over_the_reservation()
    {
        _lock.Check().ShouldBeOfType<LanePassage.Open>();
        _lock.Check(isForced: true).ShouldBeOfType<LanePassage.Open>();
        var token = _lock.Granted("nightly");

        _lock.Check().ShouldBeOfType<LanePassage.Locked>().By.Holder.ShouldBe("nightly");
        _lock.Check(Unknown).ShouldBeOfType<LanePassage.WrongToken>();
        _lock.Check(token).ShouldBeOfType<LanePassage.Open>();
        _lock.Check(token, isForced: true).ShouldBeOfType<LanePassage.Open>();
        _lock.Check(isForced: true).ShouldBeOfType<LanePassage.OpenByForce>();
        _lock.Check(Unknown, isForced: true).ShouldBeOfType<LanePassage.OpenByForce>();
    }

    [Fact]
    public void It_ends_at_its_deadline_and_not_a_tick_earlier()
    {
        var token = _lock.Granted("nightly", 60);
        _lock.Clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        _lock.Look().ShouldBeOfType<ReservationOutcome.Unchanged>().Now.ShouldNotBeNull();
        _lock.Check(token).ShouldBeOfType<LanePassage.Open>();

        _lock.Clock.Advance(TimeSpan.FromTicks(1));

        _lock.Held.ShouldBeNull();
        _lock.Check(token).ShouldBeOfType<LanePassage.WrongToken>();
        _lock.Check().ShouldBeOfType<LanePassage.Open>();
        _lock.Look().ShouldBeOfType<ReservationOutcome.Expired>().Was.Holder.ShouldBe("nightly");
        _lock.Look().ShouldBeOfType<ReservationOutcome.Unchanged>();
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3650)]
    public void A_wall_clock_that_jumps_moves_what_is_shown_and_nothing_else(int days)
    {
        var token = _lock.Granted("nightly", 60);
        _lock.Wait(10);

        _lock.Clock.JumpWallClock(TimeSpan.FromDays(days));

        _lock.Held!.Left.ShouldBe(TimeSpan.FromSeconds(50));
        _lock.Held.ExpiresAt.ShouldBe(_lock.Clock.GetUtcNow().AddSeconds(50));
        _lock.Check(token).ShouldBeOfType<LanePassage.Open>();
        _lock.Wait(50);
        _lock.Held.ShouldBeNull();
    }

    [Fact]
    public void A_restart_keeps_holder_epoch_and_token_and_grants_the_whole_time_once_more()
    {
        var token = _lock.Granted("nightly", 60);
        var before = _lock.Held!;
        _lock.Wait(59);

        _lock.Restart();

        _lock.Held!.Left.ShouldBe(TimeSpan.FromSeconds(60));
        (_lock.Held.Holder, _lock.Held.Epoch, _lock.Held.AcquiredAt).ShouldBe((before.Holder, before.Epoch, before.AcquiredAt));
        _lock.Check(token).ShouldBeOfType<LanePassage.Open>();
        _lock.Check(Unknown).ShouldBeOfType<LanePassage.WrongToken>();
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(900, 5)]
    public void After_running_out_the_lane_settles_before_the_next_grant(double ttl, double settling)
    {
        _lock.Granted("nightly", ttl);
        _lock.Wait(ttl);

        _lock.Acquire("other").ShouldBeOfType<ReservationOutcome.Settling>().Left.ShouldBe(TimeSpan.FromSeconds(settling));
        _lock.Held.ShouldBeNull();
        _lock.Check().ShouldBeOfType<LanePassage.Open>();
        _lock.Wait(settling);
        _lock.Acquire("other").ShouldBeOfType<ReservationOutcome.Granted>();
    }

    [Fact]
    public void After_a_release_the_next_one_need_not_wait()
    {
        _lock.Release(_lock.Granted("nightly", 900));
        _lock.Granted("other", 900);
        _lock.Force();
        _lock.Acquire("third").ShouldBeOfType<ReservationOutcome.Granted>();
    }

    [Fact]
    public void Old_tokens_are_remembered_within_bounds()
    {
        for (var i = 0; i < 3 * ReservationLock.RememberedTokens; i++)
        {
            _lock.Release(_lock.Granted("nightly"));
        }

        _lock.State.EndedTokens.Length.ShouldBe(ReservationLock.RememberedTokens);
    }

    [Fact]
    public void T29_neither_token_nor_hash_can_be_written_into_a_log_by_accident()
    {
        var granted = _lock.Acquire("nightly").ShouldBeOfType<ReservationOutcome.Granted>();
        var secret = granted.Token.Reveal();

        $"{granted} {granted.Token} {granted.Token.Hash} {_lock.State} {LanePass.Of(granted.Token.Hash)}".ShouldNotContain(secret);
        TokenHash.Of(secret).ShouldBe(granted.Token.Hash);
        _lock.State.Token.ToStored().ShouldBe(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(secret)));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(1.5, 1.5)]
    [InlineData(900, 900)]
    [InlineData(1e9, 86400)]
    [InlineData(double.PositiveInfinity, 86400)]
    [InlineData(double.NaN, 1)]
    public void Ttl_is_moved_into_its_range(double asked, double granted) =>
        ReservationAsk.TryCreate(LaneId.Main, "nightly", ttlSeconds: asked)!.Ttl.ShouldBe(TimeSpan.FromSeconds(granted));

    [Theory]
    [InlineData("nightly-batch", "nightly-batch")]
    [InlineData("  two\tlines\r\n here ", "two lines here")]
    [InlineData("evil\u202Egnp.exe\u2066\u200B\u0007\u001b[31m", "evilgnp.exe[31m")]
    [InlineData("\uD800x\uFFFD", "x")]
    [InlineData("日本語 🙂", "日本語 🙂")]
    public void Names_are_made_safe_to_show(string sent, string shown) => ReservationAsk.TryCreate(LaneId.Main, sent)!.Holder.ShouldBe(shown);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u00a0\u200b\u202e")]
    public void A_name_without_anything_visible_is_none(string? sent) => ReservationAsk.TryCreate(LaneId.Main, sent).ShouldBeNull();

    [Fact]
    public void Long_names_and_notes_are_cut_and_never_within_a_character()
    {
        var ask = ReservationAsk.TryCreate(LaneId.Main, $"{new string('n', 63)}🙂 tail", new string('o', 1000))!;

        ask.Holder.ShouldBe(new string('n', 63));
        ask.Note!.Length.ShouldBe(ReservationAsk.LongestNote);
    }
}
