using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Appliance.Gateway.Bodies;

/// <summary>
/// Watches a reader go by and says no to the first media address that is not a <c>data:</c> URL. A media field is recognised anywhere in the body by its name
/// (without case: some servers read keys so), except below the few top-level fields that hold schemas. Its value may be the URL, a list of URLs, or an object
/// with a <c>url</c>. In the Messages API it is a <c>source</c>, of which only the <c>url</c> is an address.
/// </summary>
internal struct MediaGuard(MediaFields fields)
{
    /// <summary>The longest field name we look for is 9 letters; each may be written as \uXXXX.</summary>
    private const int LongestEscapedField = 54;

    /// <summary>The six characters of <c>https:</c>, each written as \uXXXX.</summary>
    private const int LongestEscapedScheme = 36;

    /// <summary>Longer ones carry something else; each letter may be written as \uXXXX.</summary>
    private const int LongestAddress = 12_000;

    private bool _isInSchema;
    private int _mediaDepth;
    private int _otherDepth;

    /// <summary>The field that was refused.</summary>
    public string? Field { get; private set; }

    public bool Allows(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        if (_isInSchema && depth > 1)
        {
            return true;
        }

        Leave(depth, reader.TokenType);
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _isInSchema = depth == 1 && IsSchema(reader);
                var name = _isInSchema ? null : NameOf(reader, fields);
                if (_mediaDepth == 0)
                {
                    Field = name is "url" ? null : name;
                    _mediaDepth = Field is null ? 0 : depth;
                }

                // Inside a media object `detail`, `uuid` and the like are no addresses; nor is what stands beside a source's `url`.
                _otherDepth = _mediaDepth > 0 && name is null or "source" ? depth : 0;

                return true;

            case JsonTokenType.String:
                return _mediaDepth == 0 || _otherDepth > 0 || StartsWithData(reader);

            default:
                return true;
        }
    }

    /// <summary>Whether the address that was refused is one of a picture, which we could fetch ourselves.</summary>
    public readonly bool MayFetch(ref Utf8JsonReader reader) =>
        Field is "image_url" or "source" && LengthOf(reader) <= LongestAddress && (JsonScheme.Is(HeadOf(reader), "http:"u8) || JsonScheme.Is(HeadOf(reader), "https:"u8));

    /// <summary>A value ends with a token that stands further out, or with the next name beside it.</summary>
    private void Leave(int depth, JsonTokenType token)
    {
        var isName = token == JsonTokenType.PropertyName;
        if (depth < _otherDepth || (isName && depth == _otherDepth))
        {
            _otherDepth = 0;
        }

        if (depth < _mediaDepth || (isName && depth == _mediaDepth))
        {
            _mediaDepth = 0;
            _otherDepth = 0;
        }
    }

    private static bool IsSchema(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("tools"u8) || reader.ValueTextEquals("functions"u8) || reader.ValueTextEquals("response_format"u8)
        || reader.ValueTextEquals("structured_outputs"u8) || reader.ValueTextEquals("guided_json"u8);

    /// <summary>The name when it is one of ours, else null.</summary>
    private static string? NameOf(in Utf8JsonReader reader, MediaFields fields)
    {
        if (LengthOf(reader) > LongestEscapedField)
        {
            return null;
        }

        Span<byte> buffer = stackalloc byte[LongestEscapedField];
        var name = buffer[..reader.CopyString(buffer)];
        return Ascii.EqualsIgnoreCase(name, "url"u8) ? "url"
            : Ascii.EqualsIgnoreCase(name, "image_url"u8) ? "image_url"
            : Ascii.EqualsIgnoreCase(name, "audio_url"u8) ? "audio_url"
            : Ascii.EqualsIgnoreCase(name, "video_url"u8) ? "video_url"
            : Ascii.EqualsIgnoreCase(name, "file_url"u8) ? "file_url"
            : fields == MediaFields.WithSources && Ascii.EqualsIgnoreCase(name, "source"u8) ? "source"
            : null;
    }

    private static bool StartsWithData(in Utf8JsonReader reader) => JsonScheme.IsData(HeadOf(reader));

    private static long LengthOf(in Utf8JsonReader reader) => reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;

    /// <summary>Only the beginning is looked at: pictures are megabytes.</summary>
    private static ReadOnlySpan<byte> HeadOf(in Utf8JsonReader reader) =>
        reader.HasValueSequence ? reader.ValueSequence.Slice(0, Math.Min(LongestEscapedScheme, reader.ValueSequence.Length)).ToArray() : reader.ValueSpan;
}
