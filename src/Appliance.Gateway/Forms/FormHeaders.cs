using System.Text;
using Appliance.Gateway.Bodies;
using Microsoft.Net.Http.Headers;

namespace Appliance.Gateway.Forms;

/// <summary>The headers of one part of a form. Pure.</summary>
internal static class FormHeaders
{
    /// <summary>The name of the field. Throws <see cref="BadFormException"/> when there is not exactly one, or when it would make a server fetch something.</summary>
    /// <param name="headers">The header lines without the blank line behind them.</param>
    public static string ReadName(ReadOnlySpan<byte> headers)
    {
        string? name = null;
        foreach (var line in Encoding.UTF8.GetString(headers).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            {
                throw new BadFormException("A part of the form has a header that is not one.");
            }

            if (line.AsSpan(0, colon).Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            {
                name = name is null ? ReadDisposition(line[(colon + 1)..]) : throw new BadFormException("A part of the form has two names.");
            }
        }

        return name switch
        {
            null or "" => throw new BadFormException("A part of the form has no name."),
            _ when MediaNames.IsMedia(name) => throw new BadFormException($"The field '{name}' is not accepted: send the sound itself instead of an address."),
            _ => name,
        };
    }

    private static string ReadDisposition(string text) =>
        ContentDispositionHeaderValue.TryParse(text, out var disposition)
        && disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
        && disposition.Parameters.Count(parameter => parameter.Name.Equals("name", StringComparison.OrdinalIgnoreCase)) == 1
            ? HeaderUtilities.UnescapeAsQuotedString(disposition.Name).ToString()
            : throw new BadFormException("A part of the form has no name.");
}
