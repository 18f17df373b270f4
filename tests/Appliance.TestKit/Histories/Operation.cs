namespace Appliance.TestKit.Histories;

/// <summary>One operation on a shared object, as its caller saw it. Stamps are of one monotonic clock; no two operations need differ in them.</summary>
/// <param name="Text">What was asked and answered, for people.</param>
/// <param name="Call">When it was sent.</param>
/// <param name="Return">When the answer was there; for an unknown outcome the moment after which it cannot take effect any more, or <see cref="Never"/>.</param>
/// <param name="Apply">
/// The states in which the object may be afterwards if it was in this state before and gave this answer: none when it cannot have given it.
/// </param>
public sealed record Operation<TState>(string Text, long Call, long Return, Func<TState, IEnumerable<TState>> Apply)
{
    public const long Never = long.MaxValue;

    /// <summary>The caller got no answer: it may have taken effect at any moment since its call, or not at all.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>It changes the object in no state: at most it tells more of the state that the object is in.</summary>
    public bool IsObservation { get; init; }
}
