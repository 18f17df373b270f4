using System.Text;
using YamlDotNet.Core;

namespace Appliance.Cluster.Settings;

/// <summary>
/// The only way in which YAML gets in. YamlDotNet's object deserializer overflows the stack on 12 KB of <c>[</c>, which no handler catches, and takes
/// <c>010</c> for 8 (threat T-25); here its event parser is read one event at a time, with limits, into plain texts. Never throws. Thread-safe.
/// </summary>
public static class GuardedYaml
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The deepest nesting.</summary>
    public const int MaxDepth = 32;

    /// <summary>The most values, counting what an alias repeats each time.</summary>
    public const int MaxNodes = 5_000;

    /// <summary>The most aliases.</summary>
    public const int MaxAliases = 50;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the bytes of a file.</summary>
    public static YamlReading Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return Refuse(YamlPlace.Start, $"the file has {utf8.Length:N0} bytes; at most {MaxBytes:N0} are read.");
        }

        try
        {
            return ReadChecked(StrictUtf8.GetString(utf8));
        }
        catch (DecoderFallbackException)
        {
            return Refuse(YamlPlace.Start, "the file is not UTF-8 text.");
        }
    }

    /// <summary>Reads a text.</summary>
    public static YamlReading Read(string text) => text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes
        ? Refuse(YamlPlace.Start, $"the file is longer than the {MaxBytes:N0} bytes that are read.")
        : ReadChecked(text);

    private static YamlReading ReadChecked(string text)
    {
        text = text.TrimStart('\uFEFF');
        if (FindControlCharacter(text) is { } place)
        {
            return Refuse(place, "there is a control character that no text editor writes.");
        }

        try
        {
            return new YamlReading(new YamlTreeBuilder(new Parser(new StringReader(text))).Build(), []);
        }
        catch (YamlRefusedException refused)
        {
            return Refuse(refused.Place, refused.Message);
        }
        catch (YamlException e)
        {
            return Refuse(PlaceOf(e.Start), $"this is not YAML ({Plain(e)}).");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // A defect of the parser on hostile text (for example an escape beyond Unicode): the file is bad, the process is well.
            return Refuse(YamlPlace.Start, $"this is not YAML ({Plain(e)}).");
        }
    }

    internal static YamlPlace PlaceOf(Mark mark) => new((int)Math.Clamp(mark.Line, 1, int.MaxValue), (int)Math.Clamp(mark.Column, 1, int.MaxValue));

    private static YamlReading Refuse(YamlPlace place, string sentence) => new(null, [place.Say(sentence)]);

    private static string Plain(Exception e) => (e.InnerException ?? e).Message.Trim().TrimEnd('.').ReplaceLineEndings(" ");

    private static YamlPlace? FindControlCharacter(string text)
    {
        int line = 1, column = 1;
        foreach (var c in text)
        {
            if (c == '\n')
            {
                line++;
                column = 1;
                continue;
            }

            if (char.IsControl(c) && c is not ('\t' or '\r' or '\u0085'))
            {
                return new YamlPlace(line, column);
            }

            column++;
        }

        return null;
    }
}
