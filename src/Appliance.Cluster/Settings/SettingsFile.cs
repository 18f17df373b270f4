using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Appliance.Cluster.Settings;

/// <summary>
/// The format of <c>app_settings.json</c>: one object, a line per setting, keys in lower case. A byte order mark, Windows line ends and a comma after the last
/// entry are taken; what is broken otherwise is told with its place, never with the content, which may be a secret. Pure; never throws.
/// </summary>
internal static class SettingsFile
{
    /// <summary>The largest file, in bytes: more than all settings at their longest.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A person reads this file: letters of all languages stay letters. It is never part of a page.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static SettingsFileReading Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return SettingsFileReading.Refuse(YamlPlace.Start, $"the file has more than the {MaxBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes that are read.");
        }

        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        try
        {
            _ = StrictUtf8.GetCharCount(utf8);
        }
        catch (DecoderFallbackException)
        {
            return SettingsFileReading.Refuse(YamlPlace.Start, "the file is not UTF-8 text.");
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowTrailingCommas = true });
        try
        {
            return ReadObject(utf8, ref reader);
        }
        catch (JsonException e)
        {
            // The parser's own words quote what it found, so they stay here.
            return SettingsFileReading.Refuse(
                PlaceOf(utf8, e), "this is not JSON: something before this place or right here (a comma, a quotation mark, a bracket) is missing or too much.");
        }
        catch (InvalidOperationException)
        {
            return SettingsFileReading.Refuse(PlaceOf(utf8, reader.TokenStartIndex), "this text holds half a character (\\ud800 for example).");
        }
    }

    /// <summary>The bytes of a file with these entries, by key.</summary>
    public static byte[] Write(IEnumerable<SettingsFileEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            foreach (var entry in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(entry.Key.ToLowerInvariant());
                json.WriteRawValue(entry.Raw);
            }

            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>A good value of a setting as an entry: numbers and switches in JSON's own words.</summary>
    public static SettingsFileEntry EntryOf(Setting setting, string text)
    {
        var raw = (setting, text) switch
        {
            (_, "") => "\"\"",
            (NumberSetting number, _) => number.Read(text).ToString(CultureInfo.InvariantCulture),
            (SwitchSetting isOn, _) => isOn.Read(text) ? "true" : "false",
            _ => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"",
        };
        return new SettingsFileEntry(setting.Key, text, raw, YamlPlace.Start);
    }

    private static SettingsFileReading ReadObject(ReadOnlySpan<byte> utf8, ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return SettingsFileReading.Refuse(YamlPlace.Start, "the file must begin with { and end with }.");
        }

        var entries = ImmutableArray.CreateBuilder<SettingsFileEntry>();
        var problems = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var place = PlaceOf(utf8, reader.TokenStartIndex);
            var key = reader.GetString()!.ToUpperInvariant();
            if (!seen.Add(key))
            {
                problems.Add(place.Say($"'{Show(key)}' stands here a second time; keep one."));
            }

            _ = reader.Read();
            var start = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    break;
                case JsonTokenType.String:
                    var text = reader.GetString()!.Trim();
                    entries.Add(new SettingsFileEntry(key, text, Encoding.UTF8.GetString(utf8[start..(int)reader.BytesConsumed]), place));
                    break;
                case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                    var word = Encoding.UTF8.GetString(reader.ValueSpan);
                    entries.Add(new SettingsFileEntry(key, word, word, place));
                    break;
                default:
                    problems.Add(place.Say($"'{Show(key)}' must be a text in quotation marks, a number, true or false."));
                    reader.Skip();
                    break;
            }
        }

        // What stands behind the last bracket is a mistake, too.
        while (reader.Read())
        {
            reader.Skip();
        }

        return problems.Count == 0 ? new SettingsFileReading(entries.ToImmutable(), []) : new SettingsFileReading([], problems.ToImmutable());
    }

    /// <summary>A key as it may stand in a sentence.</summary>
    public static string Show(string key)
    {
        var plain = new string([.. key.ToLowerInvariant().Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter)]);
        return plain.Length <= 60 ? plain : plain[..60] + "…";
    }

    private static YamlPlace PlaceOf(ReadOnlySpan<byte> utf8, JsonException e)
    {
        var line = (int)(e.LineNumber ?? 0);
        var start = 0;
        for (var skipped = 0; skipped < line && utf8[start..].IndexOf((byte)'\n') is var end and >= 0; skipped++)
        {
            start += end + 1;
        }

        return PlaceOf(utf8, Math.Min(start + (e.BytePositionInLine ?? 0), utf8.Length));
    }

    private static YamlPlace PlaceOf(ReadOnlySpan<byte> utf8, long offset)
    {
        var before = utf8[..(int)offset];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        // Half a character at the end of a cut file counts as one.
        return new YamlPlace(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
