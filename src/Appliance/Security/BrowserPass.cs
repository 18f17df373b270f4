using System.Security.Cryptography;
using Appliance.Cluster.Keys;
using Microsoft.AspNetCore.DataProtection;

namespace Appliance.Security;

/// <summary>
/// What a browser keeps after somebody signed in: a cookie that names the key, sealed by us and readable by no script. It is good as long as the key is, and
/// 30 days at most. The key itself is in no cookie.
/// </summary>
internal sealed class BrowserPass(IDataProtectionProvider protection, KeyBook keys, TimeProvider time)
{
    public const string Cookie = "appliance.pass";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("Appliance.BrowserPass").ToTimeLimitedDataProtector();

    /// <summary>The admin key that the browser signed in with, while it is good; null for nobody.</summary>
    public AccessKey? Find(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } sealedId)
        {
            return null;
        }

        try
        {
            return KeyId.TryParse(_seal.Unprotect(sealedId), out var id) && keys.Find(id) is { Scope: KeyScope.Admin } key ? key : null;
        }
        catch (CryptographicException)
        {
            // Too old, or sealed by another appliance: the same as none.
            return null;
        }
    }

    public void Give(HttpContext context, AccessKey key) =>
        context.Response.Cookies.Append(Cookie, _seal.Protect(key.Id.Value, time.GetUtcNow() + Lifetime), Options(context, time.GetUtcNow() + Lifetime));

    public static void Take(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(context, null));

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // The plain HTTP of a LAN would never send it back otherwise.
        Secure = context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
        Expires = expires,
    };
}
