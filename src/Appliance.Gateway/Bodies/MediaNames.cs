namespace Appliance.Gateway.Bodies;

/// <summary>The names of fields in which servers expect an address to fetch. Compared without case: some servers read names so.</summary>
internal static class MediaNames
{
    private static readonly string[] Names = ["url", "image_url", "audio_url", "video_url", "file_url"];

    public static bool IsMedia(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
