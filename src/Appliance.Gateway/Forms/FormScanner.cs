namespace Appliance.Gateway.Forms;

/// <summary>
/// Walks through the bytes of a multipart form as they come, in pieces of any size, and finds the value of the field <c>model</c>. Strict, so that the server
/// behind us sees the same fields: no text before the first boundary, CRLF everywhere, one name for every part (threat T-24). Not thread-safe.
/// </summary>
internal sealed class FormScanner(byte[] boundary)
{
    /// <summary>OpenAI's longest form has about 20 fields, some of them lists.</summary>
    private const int MostParts = 256;

    /// <summary>The headers of one part: a name, a file's name, a type.</summary>
    private const int LongestHeaders = 8 * 1024;

    private readonly byte[] _delimiter = [.. "\r\n--"u8, .. boundary];
    private Place _place = Place.Start;
    private int _parts;
    private bool _hadModel;

    private enum Place
    {
        Start,
        AfterDelimiter,
        Headers,
        Value,
        BeforeModel,
        ModelValue,
        Epilogue,
    }

    /// <summary>Whether the value of the field <c>model</c> has been seen to its end.</summary>
    public bool ModelIsOver => _hadModel && _place is not (Place.BeforeModel or Place.ModelValue);

    /// <summary>Looks at what has come but was not taken yet. Throws <see cref="BadFormException"/>.</summary>
    /// <param name="bytes">Everything that has not been taken.</param>
    /// <param name="isLast">Whether nothing comes after them.</param>
    /// <param name="length">How many of them the token takes.</param>
    public FormToken Next(ReadOnlySpan<byte> bytes, bool isLast, out int length)
    {
        length = 0;
        var token = _place switch
        {
            Place.Start => TakeStart(bytes, ref length),
            Place.AfterDelimiter => TakeAfterDelimiter(bytes, ref length),
            Place.Headers => TakeHeaders(bytes, ref length),
            Place.BeforeModel => BeginModel(),
            Place.Value => TakeValue(bytes, FormToken.Other, ref length),
            Place.ModelValue => TakeValue(bytes, FormToken.Model, ref length),
            _ => TakeRest(bytes, isLast, ref length),
        };
        return token == FormToken.More && isLast ? throw new BadFormException("The form ends before its last boundary.") : token;
    }

    private FormToken TakeStart(ReadOnlySpan<byte> bytes, ref int length)
    {
        var first = _delimiter.AsSpan(2);
        var common = Math.Min(bytes.Length, first.Length);
        if (!bytes[..common].SequenceEqual(first[..common]))
        {
            throw new BadFormException("The form does not begin with the boundary that its Content-Type names.");
        }

        return common < first.Length ? FormToken.More : Take(first.Length, Place.AfterDelimiter, ref length);
    }

    private FormToken TakeAfterDelimiter(ReadOnlySpan<byte> bytes, ref int length) =>
        bytes.Length < 2 ? FormToken.More
        : bytes.StartsWith("\r\n"u8) ? Take(2, Place.Headers, ref length)
        : bytes.StartsWith("--"u8) ? Take(2, Place.Epilogue, ref length)
        : throw new BadFormException("A boundary of the form is not followed by a line break.");

    private FormToken TakeHeaders(ReadOnlySpan<byte> bytes, ref int length)
    {
        var end = bytes[..Math.Min(bytes.Length, LongestHeaders)].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return bytes.Length < LongestHeaders ? FormToken.More : throw new BadFormException("The headers of a part of the form are too long.");
        }

        if (++_parts > MostParts)
        {
            throw new BadFormException($"The form has more than {MostParts} parts.");
        }

        var isModel = FormHeaders.ReadName(bytes[..end]) == "model";
        if (isModel && _hadModel)
        {
            throw new BadFormException("The form names its model twice.");
        }

        _hadModel |= isModel;
        return Take(end + 4, isModel ? Place.BeforeModel : Place.Value, ref length);
    }

    private FormToken BeginModel()
    {
        _place = Place.ModelValue;
        return FormToken.ModelBegins;
    }

    private FormToken TakeValue(ReadOnlySpan<byte> bytes, FormToken kind, ref int length)
    {
        var end = bytes.IndexOf(_delimiter);
        if (end == 0)
        {
            return Take(_delimiter.Length, Place.AfterDelimiter, ref length);
        }

        // The delimiter may begin in the last bytes.
        length = end > 0 ? end : bytes.Length - (_delimiter.Length - 1);
        if (length > 0)
        {
            return kind;
        }

        length = 0;
        return FormToken.More;
    }

    private static FormToken TakeRest(ReadOnlySpan<byte> bytes, bool isLast, ref int length)
    {
        length = bytes.Length;
        return !bytes.IsEmpty ? FormToken.Other : isLast ? FormToken.End : FormToken.More;
    }

    private FormToken Take(int count, Place next, ref int length)
    {
        length = count;
        _place = next;
        return FormToken.Other;
    }
}
