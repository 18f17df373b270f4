using System.Globalization;

namespace Appliance.Ui;

/// <summary>Times and durations as people say them. Pure.</summary>
public static class TimeWords
{
    /// <summary>"0.4 s", "38 s", "1 min 38 s", "2 h 5 min", "3 days".</summary>
    public static string Duration(TimeSpan duration)
    {
        var length = duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        if (length < TimeSpan.FromSeconds(9.95))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.#} s");
        }

        var whole = TimeSpan.FromSeconds(Math.Round(length.TotalSeconds));
        return whole switch
        {
            { TotalMinutes: < 1 } => $"{whole.Seconds} s",
            { TotalHours: < 1 } => Two(whole.Minutes, "min", whole.Seconds, "s"),
            { TotalDays: < 1 } => Two(whole.Hours, "h", whole.Minutes, "min"),
            _ => Two(whole.Days, whole.Days == 1 ? "day" : "days", whole.Hours, "h"),
        };
    }

    /// <summary>"just now", "2 s ago", "3 min ago", "2 days ago": the largest unit only.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalSeconds: < 1 } => "just now",
        { TotalMinutes: < 1 } age => $"{(int)age.TotalSeconds} s ago",
        { TotalHours: < 1 } age => $"{(int)age.TotalMinutes} min ago",
        { TotalDays: < 1 } age => $"{(int)age.TotalHours} h ago",
        { TotalDays: < 2 } => "1 day ago",
        var age => $"{(int)age.TotalDays} days ago",
    };

    /// <summary>What is left, no more exact than it can be: "about 15 s", "about 1 min 10 s", "about 4 min".</summary>
    public static string About(TimeSpan left)
    {
        var seconds = Math.Max(left.TotalSeconds, 0);
        return seconds switch
        {
            < 5 => "a few seconds",
            < 20 => $"about {Round(seconds, 5)} s",
            < 120 => $"about {Duration(TimeSpan.FromSeconds(Round(seconds, 10)))}",
            _ => $"about {Duration(TimeSpan.FromSeconds(Round(seconds, 60)))}",
        };
    }

    /// <summary>How long something took before: "about 2 to 3 minutes", "about 40 seconds".</summary>
    public static string Span(TimeSpan usual, TimeSpan atMost)
    {
        if (atMost < TimeSpan.FromSeconds(90))
        {
            return $"about {Math.Max(Round(atMost.TotalSeconds, 10), 10)} seconds";
        }

        var low = Math.Max((int)Math.Floor(usual.TotalMinutes), 1);
        var high = Math.Max((int)Math.Ceiling(atMost.TotalMinutes), low);
        return low == high ? $"about {high} minutes" : $"about {low} to {high} minutes";
    }

    /// <summary>"07:42", "tomorrow, 07:42", "yesterday, 07:42", "Sun 09:00", "12 Nov, 09:00".</summary>
    public static string Clock(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var days = (TimeZoneInfo.ConvertTime(now, zone).Date - local.Date).Days;
        return days switch
        {
            0 => Format(local, "HH:mm"),
            -1 => Format(local, "'tomorrow, 'HH:mm"),
            1 => Format(local, "'yesterday, 'HH:mm"),
            > 1 and < 7 => Format(local, "ddd HH:mm"),
            _ => Format(local, "d MMM', 'HH:mm"),
        };
    }

    /// <summary>What is to come: "today, 22:00", "tomorrow, 02:00", "Tue 02:00", "12 Dec, 09:00".</summary>
    public static string Upcoming(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var days = (local.Date - TimeZoneInfo.ConvertTime(now, zone).Date).Days;
        return days switch
        {
            0 => Format(local, "'today, 'HH:mm"),
            1 => Format(local, "'tomorrow, 'HH:mm"),
            > 1 and < 7 => Format(local, "ddd HH:mm"),
            _ => Format(local, "d MMM', 'HH:mm"),
        };
    }

    /// <summary>"since this morning, 07:42", "since yesterday, 07:42".</summary>
    public static string Since(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (now - at < TimeSpan.FromMinutes(1))
        {
            return "since just now";
        }

        var clock = Clock(at, now, zone);
        if (clock.Length != 5)
        {
            return $"since {clock}";
        }

        var hour = TimeZoneInfo.ConvertTime(at, zone).Hour;
        if (hour < 5 && TimeZoneInfo.ConvertTime(now, zone).Hour < 5)
        {
            // It still is that night.
            return $"since {clock}";
        }

        var part = hour switch
        {
            < 5 => "last night",
            < 12 => "this morning",
            < 18 => "this afternoon",
            _ => "this evening",
        };
        return $"since {part}, {clock}";
    }

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";

    private static int Round(double value, int to) => (int)Math.Round(value / to, MidpointRounding.AwayFromZero) * to;

    private static string Format(DateTimeOffset local, string format) => local.ToString(format, CultureInfo.InvariantCulture);
}
