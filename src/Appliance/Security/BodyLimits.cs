namespace Appliance.Security;

internal static class BodyLimits
{
    /// <summary>Requests to our own API are a few fields.</summary>
    public const long Json = 1 << 20;

    /// <summary>A chat may carry images as base64; endpoints that take audio state their own limit.</summary>
    public const long Proxy = 64L << 20;

    public static long Of(SecurityClass? securityClass) => securityClass == SecurityClass.Proxy ? Proxy : Json;
}
