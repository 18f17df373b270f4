using System.Globalization;

namespace Appliance.Schedules;

/// <summary>A cron pattern as people say it, where that is short; else the pattern itself. Pure.</summary>
internal static class CronWords
{
    private static readonly string[] Days = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
    private static readonly string[] Short = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public static string Of(string pattern) => pattern.ToLowerInvariant() switch
    {
        "@hourly" => "every hour",
        "@daily" or "@midnight" => "every day at 00:00",
        "@weekly" => "Sundays at 00:00",
        "@monthly" => "on the 1st of every month at 00:00",
        _ => Find(pattern.Split(' ')) ?? $"by the pattern {pattern}",
    };

    private static string? Find(string[] fields)
    {
        if (fields is not [var minute, var hour, var day, "*", var weekday])
        {
            return null;
        }

        if (FindClock(minute, hour) is not { } clock)
        {
            return day == "*" && weekday == "*" && hour == "*" ? Interval(minute) : null;
        }

        return (day, weekday) switch
        {
            ("*", "*") => $"every day at {clock}",
            ("*", _) => FindDays(weekday) is { } days ? $"{days} at {clock}" : null,
            (_, "*") when Number(day, 1, 31) is { } date => $"on the {Ordinal(date)} of every month at {clock}",
            _ => null,
        };
    }

    private static string? FindClock(string minute, string hour) =>
        Number(minute, 0, 59) is { } m && Number(hour, 0, 23) is { } h ? string.Create(CultureInfo.InvariantCulture, $"{h:00}:{m:00}") : null;

    private static string? Interval(string minute) => minute switch
    {
        "*" or "*/1" => "every minute",
        "0" => "every hour",
        _ when minute.StartsWith("*/", StringComparison.Ordinal) && Number(minute[2..], 2, 30) is { } step && 60 % step == 0 => $"every {step} minutes",
        _ when Number(minute, 1, 59) is { } past => $"every hour, {past} min past",
        _ => null,
    };

    private static string? FindDays(string weekday)
    {
        if (weekday.ToUpperInvariant() is "1-5" or "MON-FRI")
        {
            return "Monday to Friday";
        }

        var days = weekday.Split(',').Select(FindDay).ToArray();
        return days.Contains(null) ? null : days switch
        {
            [var one] => Days[one!.Value],
            [.., var last] => $"{string.Join(", ", days[..^1].Select(day => Days[day!.Value]))} and {Days[last!.Value]}",
            _ => null,
        };
    }

    private static int? FindDay(string text) =>
        Number(text, 0, 7) ?? (Array.IndexOf(Short, text.ToUpperInvariant()) is >= 0 and var day ? day : null);

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static string Ordinal(int number) => (number % 10, number) switch
    {
        (_, 11 or 12 or 13) => $"{number}th",
        (1, _) => $"{number}st",
        (2, _) => $"{number}nd",
        (3, _) => $"{number}rd",
        _ => $"{number}th",
    };
}
