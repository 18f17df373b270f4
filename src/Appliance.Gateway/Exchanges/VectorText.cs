using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>The two spellings of a vector: JSON numbers, and the base64 of little-endian 32-bit floats, which is what stock clients ask for. Pure.</summary>
internal static class VectorText
{
    /// <summary>How many numbers a vector has.</summary>
    public static int CountOf(in ReadOnlySequence<byte> value, bool isText)
    {
        if (isText)
        {
            var reader = new Utf8JsonReader(value);
            return reader.Read() && reader.TryGetBytesFromBase64(out var bytes) ? bytes.Length / sizeof(float) : 0;
        }

        return Numbers(value).Length;
    }

    /// <summary>The base64 of the JSON numbers.</summary>
    public static string ToBase64(in ReadOnlySequence<byte> numbers) => Convert.ToBase64String(MemoryMarshal.AsBytes(Numbers(numbers).AsSpan()));

    private static float[] Numbers(in ReadOnlySequence<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        var numbers = new List<float>(1024);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            numbers.Add(reader.GetSingle());
        }

        return [.. numbers];
    }
}
