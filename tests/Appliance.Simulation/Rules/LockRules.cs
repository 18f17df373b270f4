using Appliance.Cluster.Primitives;
using Appliance.Cluster.Reservations;
using Appliance.Cluster.View;

namespace Appliance.Simulation.Rules;

/// <summary>
/// What reservations promise to their holders, judged by what the holders themselves know: when they asked, when they were answered, and what they did since.
/// Between the two moments anything may have been the case.
/// </summary>
internal sealed class LockRules(Action<string> fail)
{
    private readonly List<Hold> _holds = [];
    private readonly List<Ending> _endings = [];

    /// <summary>What the holder of the newest reservation of a lane knows; null when nobody ever held it.</summary>
    public Hold? FindNewest(LaneId lane) => _holds.LastOrDefault(hold => hold.Lane == lane);

    /// <summary>A lane was granted.</summary>
    public void Granted(LaneId lane, ReservationOutcome.Granted granted, TimeSpan asked, TimeSpan answered)
    {
        if (_holds.Any(other => other.IsSure(lane, asked, answered)))
        {
            fail("two do not hold one lane at once");
        }

        // Of two who asked at once, either may hear first.
        if (_holds.Any(other => other.Epoch == granted.Reservation.Epoch || (other.From < asked && other.Epoch > granted.Reservation.Epoch)))
        {
            fail("the epoch of a reservation is higher than every one before");
        }

        _holds.Add(new Hold(lane, granted.Token, granted.Reservation.Holder, granted.Reservation.Epoch)
        {
            From = answered,
            Until = asked + granted.Reservation.Ttl,
            // Somebody may have ended it before its holder heard of it.
            IsGivenUp = _endings.Any(ending => ending.Lane == lane && !(ending.AnsweredAt < asked)),
        });
    }

    /// <summary>The holder asks for more, or for less: until the answer only the shorter of the two is sure.</summary>
    public static void Extending(Hold hold, TimeSpan asked, TimeSpan ttl) => hold.Until = asked + ttl < hold.Until ? asked + ttl : hold.Until;

    /// <summary>The holder was answered.</summary>
    public void Extended(Hold hold, ReservationOutcome outcome, TimeSpan asked, TimeSpan answered, TimeSpan ttl)
    {
        switch (outcome)
        {
            case ReservationOutcome.Extended when hold.OverAt < asked:
                fail("a token that holds nothing any more extends nothing");
                break;
            case ReservationOutcome.Extended when !hold.IsGivenUp:
                hold.Until = asked + ttl;
                break;
            case ReservationOutcome.Granted:
                fail("who extends is not granted a new reservation");
                break;
            case ReservationOutcome.Lost or ReservationOutcome.Held when hold.IsSure(hold.Lane, asked, answered):
                fail("a reservation lasts as long as promised");
                break;
        }
    }

    /// <summary>Somebody asks to end whatever holds a lane: from now on nothing is sure.</summary>
    public Ending Begin(LaneId lane)
    {
        foreach (var hold in _holds.Where(hold => hold.Lane == lane))
        {
            hold.IsGivenUp = true;
        }

        var ending = new Ending(lane);
        _endings.Add(ending);
        return ending;
    }

    /// <summary>Its holder gives it back.</summary>
    public void GiveUp(TokenHash? token)
    {
        foreach (var hold in _holds.Where(hold => hold.Token.Hash == token))
        {
            hold.IsGivenUp = true;
        }
    }

    /// <summary>It was told that a reservation is over.</summary>
    public void Ended(ReservationOutcome outcome, TimeSpan answered)
    {
        if (outcome is ReservationOutcome.Freed { Was: var was } && _holds.Find(hold => hold.Epoch == was.Epoch) is { } over)
        {
            over.OverAt = answered;
        }
    }

    /// <summary>The appliance was killed: what it did not answer, it will not do any more.</summary>
    public void Killed(TimeSpan now)
    {
        foreach (var ending in _endings)
        {
            ending.AnsweredAt ??= now;
        }
    }

    /// <summary>Whether a lane is surely kept from everybody but the one who shows this token, or null for nobody.</summary>
    public bool IsKept(LaneId lane, TokenHash? but, TimeSpan from, TimeSpan until) =>
        _holds.Any(hold => hold.IsSure(lane, from, until) && (but is null || hold.Token.Hash != but.Value));

    /// <summary>Whether a token surely opens a lane.</summary>
    public bool IsHolder(LaneId lane, TokenHash token, TimeSpan from, TimeSpan until) =>
        _holds.Any(hold => hold.IsSure(lane, from, until) && hold.Token.Hash == token);

    /// <summary>Whether a token surely opens nothing any more.</summary>
    public bool IsWorthless(TokenHash token, TimeSpan at) => _holds.Any(hold => hold.OverAt < at && hold.Token.Hash == token);

    /// <summary>Everybody is shown who holds a lane.</summary>
    public void Look(ClusterSnapshot snapshot, TimeSpan now)
    {
        foreach (var hold in _holds)
        {
            if (hold.IsSure(hold.Lane, now, now) && snapshot.FindLane(hold.Lane)?.Reservation?.Epoch != hold.Epoch)
            {
                fail("who holds a lane is shown to everybody");
            }
        }
    }

    /// <summary>No token is anywhere in the file.</summary>
    public void CheckSecrets(ReadOnlySpan<byte> file)
    {
        foreach (var hold in _holds)
        {
            if (file.IndexOf(System.Text.Encoding.UTF8.GetBytes(hold.Token.Reveal())) >= 0)
            {
                fail("no token is written down");
            }
        }
    }
}
