using System.Buffers;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Forwarding;

/// <summary>Which headers pass, both ways. Everything else stays on its side (threats T-30, T-31, T-33).</summary>
internal static class HeaderRules
{
    /// <summary>To the upstream. Not among them: Authorization and Cookie, which are for us; Accept-Encoding, because bytes pass as they are.</summary>
    private static readonly string[] ToUpstream = ["Accept", "User-Agent"];

    /// <summary>To the caller, besides Content-Type, which is checked. Not among them: Set-Cookie, Location, Access-Control-*, Server, policies of any kind.</summary>
    private static readonly string[] ToCaller = ["Content-Length", "Content-Encoding", "Retry-After", "X-Should-Retry", "OpenAI-Processing-Ms"];

    private static readonly SearchValues<char> SubtypeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.+-");

    /// <summary>The caller's headers that go on, without those its Connection header names.</summary>
    public static void CopyToUpstream(IHeaderDictionary given, HttpRequestHeaders sent)
    {
        var connection = given.Connection.ToString();
        foreach (var name in ToUpstream)
        {
            if (given.TryGetValue(name, out var values) && !Names(connection, name))
            {
                sent.TryAddWithoutValidation(name, values.ToString());
            }
        }
    }

    /// <summary>The upstream's headers that come back, without those its Connection header names.</summary>
    public static void CopyToCaller(HttpResponseMessage given, IHeaderDictionary sent)
    {
        var (head, body) = (given.Headers.NonValidated, given.Content.Headers.NonValidated);
        var connection = head.TryGetValues("Connection", out var named) ? named.ToString() : string.Empty;
        foreach (var name in ToCaller)
        {
            if ((head.TryGetValues(name, out var values) || body.TryGetValues(name, out values)) && !Names(connection, name))
            {
                sent[name] = values.ToString();
            }
        }
    }

    /// <summary>Set on every answer of the gateway: no guessing of types, no script, no copy kept, no buffering by a proxy before us.</summary>
    public static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>The upstream's content type when it is one a model server has reason to send; everything else is bytes to be saved, never shown.</summary>
    public static string SafeContentType(string? contentType, out bool isUnknown)
    {
        var end = contentType?.IndexOf(';') ?? -1;
        var media = (end < 0 ? contentType : contentType![..end])?.Trim().ToLowerInvariant() ?? string.Empty;
        isUnknown = !(media is "application/json" or "text/event-stream" or "text/plain" or "application/x-ndjson" || IsAudio(media));
        return isUnknown ? "application/octet-stream" : contentType!;
    }

    private static bool IsAudio(string media) =>
        media.StartsWith("audio/", StringComparison.Ordinal) && media.AsSpan(6).IndexOfAnyExcept(SubtypeCharacters) < 0;

    private static bool Names(ReadOnlySpan<char> connection, string name)
    {
        foreach (var part in connection.Split(','))
        {
            if (connection[part].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
