using System.Collections.Immutable;
using System.Text.Json;
using Appliance.Cluster.Settings;

namespace Appliance.Settings;

/// <summary>A JSON object as texts that a person would type: numbers, true and false are taken as they are written. Pure.</summary>
internal static class SettingWishes
{
    public static (Dictionary<string, string?> Changes, ImmutableArray<SettingProblem> Bad) Read(JsonElement wishes)
    {
        var changes = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var bad = ImmutableArray.CreateBuilder<SettingProblem>();
        foreach (var wish in wishes.EnumerateObject())
        {
            if (!TryReadName(wish, out var key))
            {
                bad.Add(new SettingProblem("", "A key holds half a character."));
            }
            else if (changes.ContainsKey(key))
            {
                bad.Add(new SettingProblem(key, "This key is named twice; name it once."));
            }
            else if (!TryReadValue(wish.Value, out var text))
            {
                bad.Add(new SettingProblem(key, "The value has to be a text, a number, true, false or null."));
            }
            else
            {
                changes.Add(key, text);
            }
        }

        return (changes, bad.ToImmutable());
    }

    private static bool TryReadName(JsonProperty wish, out string key)
    {
        try
        {
            key = wish.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair.
            key = "";
            return false;
        }
    }

    private static bool TryReadValue(JsonElement value, out string? text)
    {
        text = null;
        try
        {
            text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            };
            return text is not null || value.ValueKind == JsonValueKind.Null;
        }
        catch (InvalidOperationException)
        {
            // As above: the caller hears which key it was.
            return false;
        }
    }
}
