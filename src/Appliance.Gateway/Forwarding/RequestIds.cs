using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>The id that a request carries through caller, appliance, model server and logs.</summary>
internal static class RequestIds
{
    public const string Header = "x-request-id";

    private const int Longest = 128;

    private static readonly SearchValues<char> s_harmless = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>Takes the caller's id when it is one word of harmless characters, else makes one; either way the answer will carry it.</summary>
    public static string Take(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        var id = given.Count == 1 && IsGood(given[0]) ? given[0]! : Make();
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        return id;
    }

    /// <summary>The id that was taken.</summary>
    public static string Of(HttpContext context) => context.TraceIdentifier;

    private static bool IsGood(string? id) => id is { Length: > 0 and <= Longest } && char.IsAsciiLetterOrDigit(id[0]) && !id.AsSpan().ContainsAnyExcept(s_harmless);

    /// <summary>Nothing is guarded by an id, so it need not be hard to guess: random bytes that are cost ten times as much.</summary>
    private static string Make()
    {
        Span<char> id = stackalloc char[36];
        "req_".CopyTo(id);
        Span<byte> random = stackalloc byte[16];
        Random.Shared.NextBytes(random);
        Convert.TryToHexStringLower(random, id[4..], out _);
        return new string(id);
    }
}
