namespace Appliance.Security;

internal static class BodyLimits
{
    /// <summary>Requests to our own API are a few fields.</summary>
    public const long Json = 1 << 20;

    /// <summary>A chat may carry images as base64; endpoints that take audio state their own limit.</summary>
    public const long Proxy = 64L << 20;

    /// <summary>A body that is refused for its size is still received up to here, and not looked at: its sender would not see the answer otherwise.</summary>
    public const long ThrownAway = 64L << 20;

    public static long Of(SecurityClass? securityClass) => securityClass == SecurityClass.Proxy ? Proxy : Json;
}
