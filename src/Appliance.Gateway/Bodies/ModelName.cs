using System.Text.Encodings.Web;
using System.Text.Json;

namespace Appliance.Gateway.Bodies;

/// <summary>The bytes that name a model inside a body.</summary>
internal static class ModelName
{
    /// <summary>What goes into a place: the quoted name, for a gap with its key and comma. Empty when nothing is to be changed.</summary>
    public static byte[] BytesFor(ModelPlace place, string name)
    {
        var text = $"\"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
        return System.Text.Encoding.UTF8.GetBytes(place.IsGap ? $"\"model\":{text}{(place.IsAlone ? string.Empty : ",")}" : text);
    }
}
