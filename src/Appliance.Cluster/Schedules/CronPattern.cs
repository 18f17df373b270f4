using System.Collections.Immutable;
using Cronos;

namespace Appliance.Cluster.Schedules;

/// <summary>
/// A cron pattern of five fields, read as crontab reads it: minute, hour, day of month, month, day of week. With both days restricted, either is enough.
/// Immutable; equal by its text.
/// </summary>
/// <remarks>
/// Cronos calculates, and knows daylight saving time as Vixie cron does: what falls into the hour that is left out in spring comes at its end, what falls into
/// the hour that comes twice in autumn comes once, and patterns of intervals (<c>*/15</c>) go on evenly.
/// </remarks>
public sealed record CronPattern
{
    private const int Longest = 120;

    /// <summary>No zone moves its clock by more than this.</summary>
    private static readonly TimeSpan OddNight = TimeSpan.FromHours(3);

    private static readonly string[] Macros = ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];

    private readonly ImmutableArray<CronExpression> _parts;

    private CronPattern(string text, ImmutableArray<CronExpression> parts) => (Text, _parts) = (text, parts);

    /// <summary>The pattern with single blanks.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern; null for one that crontab would not take, or that has no day on which it comes (30 February).</summary>
    public static CronPattern? Find(string? text)
    {
        if (text is null || text.Length > Longest)
        {
            return null;
        }

        var fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var isMacro = fields is [var macro] && Macros.Contains(macro, StringComparer.OrdinalIgnoreCase);

        // H stands for "some value" in Cronos and for nothing in crontab; as a letter it occurs in THU only.
        if (!isMacro && (fields.Length != 5 || Array.Exists(fields, field => field.Contains('H', StringComparison.OrdinalIgnoreCase) && !IsName(field))))
        {
            return null;
        }

        var wanted = Split(fields).ToArray();
        ImmutableArray<CronExpression> parts =
            [.. wanted.Select(part => CronExpression.TryParse(string.Join(' ', part), CronFormat.Standard, out var expression) ? expression : null).OfType<CronExpression>()];
        if (parts.Length < wanted.Length)
        {
            return null;
        }

        var pattern = new CronPattern(string.Join(' ', fields), parts);
        return pattern.FindNext(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null ? null : pattern;
    }

    /// <summary>The first run after a moment, in a zone; null when there is none before the year 2100.</summary>
    public DateTimeOffset? FindNext(DateTimeOffset after, TimeZoneInfo zone) =>
        _parts.Select(part => part.GetNextOccurrence(after, zone)).Where(next => next is not null).Min();

    /// <summary>The last run that has begun at a moment, in a zone; null when there is none.</summary>
    public DateTimeOffset? FindLast(DateTimeOffset at, TimeZoneInfo zone)
    {
        // Looking back, Cronos takes the two odd nights of the year otherwise than looking ahead. So its answer only says where to look ahead from.
        var from = at;
        while (_parts.Select(part => part.GetPreviousOccurrence(from, zone, inclusive: true)).Where(previous => previous is not null).Max() is { } hint)
        {
            from = hint - OddNight;
            DateTimeOffset? last = null;
            for (var next = FindNext(from, zone); next <= at; next = FindNext(next.Value, zone))
            {
                last = next;
            }

            if (last is not null)
            {
                return last;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(CronPattern? other) => other is not null && other.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Cronos wants both days to match, crontab one of them.</summary>
    private static IEnumerable<string[]> Split(string[] fields) => fields is [var minute, var hour, var day, var month, var weekday] && IsRestricted(day) && IsRestricted(weekday)
        ? [[minute, hour, day, month, "*"], [minute, hour, "*", month, weekday]]
        : [fields];

    private static bool IsRestricted(string field) => field[0] is not ('*' or '?');

    private static bool IsName(string field) => field.Contains("THU", StringComparison.OrdinalIgnoreCase)
        && !field.Replace("THU", "", StringComparison.OrdinalIgnoreCase).Contains('H', StringComparison.OrdinalIgnoreCase);
}
