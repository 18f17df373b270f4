using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Appliance.Cluster.Schedules;

/// <summary>Turns what a program states into a plan, or lists everything that is wrong with it at once. Pure.</summary>
internal static partial class ScheduleRules
{
    private const int LongestOwner = 80;
    private const int LongestName = 120;
    private const int LongestModel = 300;
    private const int LongestNote = 500;

    /// <summary>A week: longer than that, somebody owns the machine.</summary>
    private const int MostMinutes = 7 * 24 * 60;

    /// <summary>The plan, or null with what is wrong.</summary>
    public static (Schedule? Schedule, ImmutableArray<ScheduleProblem> Problems) Check(ScheduleDraft draft, DateTimeOffset now)
    {
        var problems = ImmutableArray.CreateBuilder<ScheduleProblem>();
        var id = ReadId(draft.Id, problems);
        Check(draft.Owner, "owner", LongestOwner, isRequired: true, problems);
        Check(draft.Name, "name", LongestName, isRequired: true, problems);
        Check(draft.Model, "model", LongestModel, isRequired: false, problems);
        Check(draft.Note, "note", LongestNote, isRequired: false, problems);
        var (cron, at) = ReadTime(draft, problems);
        if (draft.DurationMinutes is not (>= 1 and <= MostMinutes))
        {
            problems.Add(new ScheduleProblem("duration_minutes", $"duration_minutes is a whole number from 1 to {MostMinutes}."));
        }

        if (problems.Count > 0)
        {
            return (null, problems.ToImmutable());
        }

        var schedule = new Schedule
        {
            Id = id,
            Owner = draft.Owner!.Trim(),
            Name = draft.Name!.Trim(),
            Model = NullIfBlank(draft.Model),
            Cron = cron,
            At = at,
            Duration = TimeSpan.FromMinutes(draft.DurationMinutes!.Value),
            Note = NullIfBlank(draft.Note),
            CreatedAt = now,
            ChangedAt = now,
        };
        return (schedule, []);
    }

    private static ScheduleId ReadId(string? text, ImmutableArray<ScheduleProblem>.Builder problems)
    {
        if (text is null)
        {
            return ScheduleId.New();
        }

        if (!ScheduleId.TryParse(text, out var id))
        {
            problems.Add(new ScheduleProblem("id", "id is 1 to 63 lower-case letters, digits and hyphens, and begins with a letter or digit. Leave it out to get one."));
        }

        return id;
    }

    private static void Check(string? text, string field, int longest, bool isRequired, ImmutableArray<ScheduleProblem>.Builder problems)
    {
        var isBlank = string.IsNullOrWhiteSpace(text);
        if ((isBlank && isRequired) || text?.Length > longest || text?.Any(IsUnsafe) == true)
        {
            problems.Add(new ScheduleProblem(field, $"{field} is one line of {(isRequired ? "1 to" : "at most")} {longest} characters."));
        }
    }

    private static (CronPattern? Cron, DateTimeOffset? At) ReadTime(ScheduleDraft draft, ImmutableArray<ScheduleProblem>.Builder problems)
    {
        CronPattern? cron = null;
        DateTimeOffset? at = null;
        if ((draft.Cron is null) == (draft.At is null))
        {
            problems.Add(new ScheduleProblem("cron", "Either cron or at says when it is: cron for what comes again, at for a single run."));
        }

        if (draft.Cron is not null && (cron = CronPattern.Find(draft.Cron)) is null)
        {
            problems.Add(new ScheduleProblem("cron", "cron has the five fields of crontab and a day on which it comes, for example \"0 2 * * 1-5\" for 02:00 from Monday to Friday."));
        }

        if (draft.At is not null && (at = ReadMoment(draft.At)) is null)
        {
            problems.Add(new ScheduleProblem("at", "at is a moment with its offset, for example 2026-11-21T22:00:00+01:00 or 2026-11-21T21:00:00Z."));
        }

        return (cron, at);
    }

    private static DateTimeOffset? ReadMoment(string text) =>
        Moment().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
        && at.UtcDateTime.Year is >= 2000 and <= 2100 ? at : null;

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Line breaks, direction marks and lone surrogates would change how other lines of the page look.</summary>
    private static bool IsUnsafe(char letter) =>
        char.IsControl(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?([Zz]|[+-]\d{2}:\d{2})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Moment();
}
