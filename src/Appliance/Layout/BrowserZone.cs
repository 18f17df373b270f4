namespace Appliance.Layout;

/// <summary>What a browser says about its clock.</summary>
/// <param name="Name">An IANA name; empty when it does not tell.</param>
/// <param name="MinutesEast">Minutes east of UTC right now.</param>
internal sealed record BrowserZone(string Name, int MinutesEast)
{
    /// <summary>The named zone, else a fixed offset: a small image may come without zone data.</summary>
    public TimeZoneInfo ToTimeZone()
    {
        if (Name.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(Name, out var zone))
        {
            return zone;
        }

        // 14 hours are the largest offset that TimeZoneInfo takes.
        var offset = TimeSpan.FromMinutes(Math.Clamp(MinutesEast, -14 * 60, 14 * 60));
        return TimeZoneInfo.CreateCustomTimeZone("browser", offset, "browser", "browser");
    }
}
