using Appliance.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace Appliance.Security;

/// <summary>Gate step 1: what Kestrel lets through although two readers could understand it differently.</summary>
internal static class StrictHttp
{
    /// <summary>Characters of the request's target, as Kestrel has it by itself.</summary>
    private const int LongestTarget = 8 * 1024;

    /// <summary>Headers, and the characters of all together, as Kestrel has it by itself.</summary>
    private const int MostHeaders = 100;

    private const int LargestHeaders = 32 * 1024;

    /// <summary>
    /// Kestrel's own 414 and 431 have no body, so it is told to take twice as much, and what is beyond the limits is refused here in words. Nobody is told more
    /// than a status beyond twice the limits.
    /// </summary>
    public static void LimitServer(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 2 * LongestTarget;
        limits.MaxRequestHeaderCount = 2 * MostHeaders;
        limits.MaxRequestHeadersTotalSize = 2 * LargestHeaders;
    }

    public static Refusal? Check(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (target.Length > LongestTarget)
        {
            return Refusal.TargetTooLong;
        }

        var headers = context.Request.Headers;
        if (headers.Count > MostHeaders || SizeOf(headers) > LargestHeaders)
        {
            return Refusal.HeadersTooLarge;
        }

        if (headers.Host.Count != 1 || string.IsNullOrWhiteSpace(headers.Host[0]))
        {
            return Refuse("missing_host", "The request does not say which host it is for: it needs one Host header.");
        }

        // Kestrel renames Content-Length to X-Content-Length when both are sent.
        if (headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length")))
        {
            context.Response.Headers.Connection = "close";
            return Refuse("ambiguous_length", "The request states the length of its body in two ways: send either Content-Length or Transfer-Encoding.");
        }

        // Kestrel reads the chunks and leaves any other coding in them; HTTP/1.0 has none (RFC 9112, 6.1).
        if (headers.TransferEncoding.Count > 0 && (!IsChunked(headers.TransferEncoding) || HttpProtocol.IsHttp10(context.Request.Protocol)))
        {
            context.Response.Headers.Connection = "close";
            return Refuse("ambiguous_length", "The length of the body is not clear: send Content-Length, or Transfer-Encoding: chunked and no other coding, in HTTP/1.1.");
        }

        if (!target.StartsWith('/') && !IsForSameHost(target, headers.Host[0]!))
        {
            return Refuse("bad_target", "The request's target is not a path of this host.");
        }

        return HasControlCharacter(target)
            ? Refuse("bad_target", "The request's target contains a control character.")
            : null;
    }

    private static Refusal Refuse(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);

    private static bool IsChunked(StringValues codings) => codings.Count == 1 && string.Equals(codings[0], "chunked", StringComparison.OrdinalIgnoreCase);

    private static int SizeOf(IHeaderDictionary headers)
    {
        var size = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                // With the colon, the blank and the line's end.
                size += name.Length + (value?.Length ?? 0) + 4;
            }
        }

        return size;
    }

    private static bool IsForSameHost(string target, string host)
    {
        const string Scheme = "http://";
        if (!target.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = target.AsSpan(Scheme.Length);
        var end = rest.IndexOfAny('/', '?', '#');
        return (end < 0 ? rest : rest[..end]).Equals(host, StringComparison.OrdinalIgnoreCase);
    }

    // The query may carry an encoded line break (a search for two lines is one); a path that names something may not.
    private static bool HasControlCharacter(string target)
    {
        if (target.Any(char.IsControl))
        {
            return true;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return Uri.UnescapeDataString(query < 0 ? target : target[..query]).Any(char.IsControl);
    }
}
