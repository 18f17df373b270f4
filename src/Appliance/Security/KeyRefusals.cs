using Appliance.Cluster.Keys;
using Appliance.Problems;

namespace Appliance.Security;

/// <summary>Why somebody without a good key was not let in. Which of the wrong ones it was is never said.</summary>
internal static class KeyRefusals
{
    public static Refusal Missing { get; } = new(
        StatusCodes.Status401Unauthorized,
        "key_required",
        "This needs a key.",
        "Send it as Authorization: Bearer <key>. Keys are made on the page Keys.");

    public static Refusal Wrong { get; } = new(
        StatusCodes.Status401Unauthorized,
        "wrong_key",
        "This key is not good here.",
        "Look on the page Keys whether it was revoked, or make a new one.");

    public static Refusal TooMany { get; } = new(
        StatusCodes.Status429TooManyRequests,
        "too_many_wrong_keys",
        "Too many wrong keys came from this address.",
        "Wait a minute. A good key is let in at once.");

    public static Refusal NotEnough(KeyScope needed) => new(
        StatusCodes.Status403Forbidden,
        "key_not_enough",
        $"This key is good, but not for this: it needs the scope {(needed == KeyScope.Admin ? "admin" : "swap")}.",
        "Make another key on the page Keys.");
}
