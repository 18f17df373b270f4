namespace Appliance.Reservations;

/// <summary>The word <c>?force=</c>.</summary>
internal static class Force
{
    /// <summary>False for a word that is neither true nor false; absent means no.</summary>
    public static bool TryRead(string? word, out bool isForced)
    {
        isForced = false;
        return word is null || bool.TryParse(word, out isForced);
    }
}
