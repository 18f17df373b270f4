using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>The id that a request carries through caller, appliance, model server and logs.</summary>
internal static partial class RequestIds
{
    public const string Header = "x-request-id";

    /// <summary>Takes the caller's id when it is one word of harmless characters, else makes one; either way the answer will carry it.</summary>
    public static string Take(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        var id = given.Count == 1 && Grammar().IsMatch(given[0] ?? string.Empty) ? given[0]! : Make();
        context.Response.Headers[Header] = id;
        return id;
    }

    /// <summary>The id that was taken.</summary>
    public static string Of(HttpContext context) => (string)context.Items[Header]!;

    /// <summary>Nothing is guarded by an id, so it need not be hard to guess: random bytes that are cost ten times as much.</summary>
    private static string Make()
    {
        Span<byte> random = stackalloc byte[16];
        Random.Shared.NextBytes(random);
        return $"req_{Convert.ToHexStringLower(random)}";
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
