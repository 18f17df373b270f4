using System.Text;
using Microsoft.Net.Http.Headers;

namespace Appliance.Gateway.Forms;

/// <summary>The boundary between the parts of a multipart form.</summary>
internal static class FormBoundary
{
    /// <summary>RFC 2046, section 5.1.1.</summary>
    private const int Longest = 70;

    /// <summary>Null for anything but <c>multipart/form-data</c> with one well-formed boundary.</summary>
    public static byte[]? Find(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || type.Parameters.Count(parameter => parameter.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase)) != 1)
        {
            return null;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= Longest && boundary[^1] != ' ' && boundary.All(IsAllowed) ? Encoding.ASCII.GetBytes(boundary) : null;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || "'()+_,-./:=? ".Contains(c, StringComparison.Ordinal);
}
