namespace Appliance.Gateway.Bodies;

/// <summary>A request's body as its upstream is to get it.</summary>
internal abstract class OutgoingBody : OneWayStream
{
    /// <summary>How many bytes come out in all; null when that is known only at the end.</summary>
    public abstract long? TotalLength { get; }

    /// <summary>Whether all of it is in memory, and little enough to go into one write.</summary>
    public virtual bool IsAtHand => false;

    /// <summary>Whether any of it was taken, and so may have been sent.</summary>
    public bool WasRead { get; protected set; }
}
