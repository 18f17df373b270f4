using System.Text.Json;

namespace Appliance.Gateway.Exchanges;

/// <summary>Slices of JSON that is read forward. Pure.</summary>
internal static class SliceReader
{
    /// <summary>The value that the reader stands on, which is passed over.</summary>
    public static JsonSlice Take(ref Utf8JsonReader reader)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return new JsonSlice(start, reader.BytesConsumed - start);
    }

    /// <summary>Each value of the array that the reader stands on, which is passed over.</summary>
    public static List<JsonSlice> TakeItems(ref Utf8JsonReader reader)
    {
        var items = new List<JsonSlice>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Take(ref reader));
        }

        return items;
    }
}
