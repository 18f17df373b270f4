using Appliance.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Appliance.Security;

/// <summary>Gate step 1: what Kestrel lets through although two readers could understand it differently.</summary>
internal static class StrictHttp
{
    public static Refusal? Check(HttpContext context)
    {
        var headers = context.Request.Headers;
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

        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.StartsWith('/') && !IsForSameHost(target, headers.Host[0]!))
        {
            return Refuse("bad_target", "The request's target is not a path of this host.");
        }

        return HasControlCharacter(target)
            ? Refuse("bad_target", "The request's target contains a control character.")
            : null;
    }

    private static Refusal Refuse(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);

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
