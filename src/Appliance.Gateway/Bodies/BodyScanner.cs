using System.Buffers;
using System.Text.Json;

namespace Appliance.Gateway.Bodies;

/// <summary>
/// One pass over a JSON body: is it JSON at all, where does it name its model, and does it ask the model server to fetch something (threat T-08: vLLM
/// downloads any address it finds, our own network included). Reads escapes as JSON does, so no spelling of a key or an address gets past. Pure.
/// </summary>
internal static class BodyScanner
{
    /// <summary>Deeper than any real schema; the reader keeps no stack, so depth costs nothing.</summary>
    private const int DeepestJson = 512;

    /// <summary>A name is at most two words of 96 characters (see RepoId); anything much longer is not one.</summary>
    private const int LongestModelName = 512;

    /// <summary>A long conversation with a picture in every other message; each costs a call and up to 20 MB.</summary>
    private const int MostPictures = 16;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = DeepestJson };

    public static BodyScan Scan(in ReadOnlySequence<byte> body, MediaFields fields = MediaFields.Usual, bool fetchesPictures = false)
    {
        try
        {
            return ScanObject(body, fields, fetchesPictures);
        }
        catch (JsonException error)
        {
            return new BodyScan.Bad($"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}).", null, "invalid_json");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for half a surrogate pair or for bytes that are no UTF-8, in a text that has to be understood.
            return new BodyScan.Bad("The body holds text that is not valid Unicode.", null, "invalid_json");
        }
    }

    private static BodyScan ScanObject(in ReadOnlySequence<byte> body, MediaFields fields, bool fetchesPictures)
    {
        var reader = new Utf8JsonReader(body, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new BodyScan.Bad("The body must be a JSON object.", null, "invalid_json");
        }

        var afterBrace = reader.BytesConsumed;
        var isAlone = true;
        string? model = null;
        ModelPlace? place = null;
        var wantsStream = false;
        var isStreamNext = false;
        var media = new MediaGuard(fields);
        var pictures = new List<MediaAddress>();
        while (reader.Read())
        {
            wantsStream = isStreamNext ? reader.TokenType == JsonTokenType.True : wantsStream;
            isStreamNext = false;
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
            {
                isAlone = false;
                if (reader.ValueTextEquals("model"u8))
                {
                    if (place is not null)
                    {
                        return new BodyScan.Bad("The body names its model twice.", "model", "duplicate_model");
                    }

                    reader.Read();
                    if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null)
                        || (reader.TokenType == JsonTokenType.String && LengthOf(reader) > LongestModelName))
                    {
                        return new BodyScan.Bad("'model' must be the name of a model.", "model", "invalid_model");
                    }

                    model = reader.GetString();
                    place = new ModelPlace(reader.TokenStartIndex, reader.BytesConsumed - reader.TokenStartIndex, IsGap: false, IsAlone: false);
                    continue;
                }

                isStreamNext = reader.ValueTextEquals("stream"u8);
            }

            if (media.Allows(ref reader))
            {
                continue;
            }

            if (!fetchesPictures || !media.MayFetch(ref reader))
            {
                return new BodyScan.Bad(
                    $"Only data: URLs are accepted for {(fetchesPictures ? "sound, video and files, and http and https ones for pictures" : "pictures, sound, video and files")}. "
                    + "Send the content itself (data:image/png;base64,…) instead of an address.",
                    media.Field,
                    "media_url_not_allowed");
            }

            if (pictures.Count == MostPictures)
            {
                return new BodyScan.Bad($"At most {MostPictures} pictures of one request are fetched. Send the others themselves (data:image/png;base64,…).", media.Field, "too_many_pictures");
            }

            pictures.Add(new MediaAddress(reader.TokenStartIndex, reader.BytesConsumed - reader.TokenStartIndex, reader.GetString()!));
        }

        return new BodyScan.Good(model, place ?? new ModelPlace(afterBrace, 0, IsGap: true, isAlone), wantsStream) { Pictures = [.. pictures] };
    }

    private static long LengthOf(in Utf8JsonReader reader) => reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
}
