using System.Globalization;
using System.Text;

namespace Appliance.Cluster.Primitives;

/// <summary>Names and notes that programs send, made safe to show on a page and in a line of a log (threat T-13). Pure.</summary>
internal static class OneLine
{
    /// <summary>
    /// One line without control, direction and other invisible characters, blanks collapsed, at most so many UTF-16 units and never half a character;
    /// null when nothing is left.
    /// </summary>
    public static string? Clean(string? text, int most)
    {
        if (text is null)
        {
            return null;
        }

        var clean = new StringBuilder(Math.Min(text.Length, most));
        var isAfterBlank = true;
        foreach (var rune in text.EnumerateRunes())
        {
            var isBlank = Rune.IsWhiteSpace(rune);
            if (isBlank ? isAfterBlank : IsInvisible(rune))
            {
                continue;
            }

            if (clean.Length + rune.Utf16SequenceLength > most)
            {
                break;
            }

            _ = isBlank ? clean.Append(' ') : clean.Append(rune.ToString());
            isAfterBlank = isBlank;
        }

        var result = clean.ToString().TrimEnd(' ');
        return result.Length == 0 ? null : result;
    }

    private static bool IsInvisible(Rune rune) =>
        rune == Rune.ReplacementChar
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
