using Appliance.Cluster.Models;
using Appliance.Cluster.Storage;
using Appliance.Cluster.View;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Appliance.Cluster.Schedules;

/// <summary>
/// Where programs say what they will do and when, so that each of them and the people of the home can read it. It starts nothing. Thread-safe; every change
/// is one transaction.
/// </summary>
public sealed class ScheduleRegistry
{
    /// <summary>More than a home has: a program that registers one plan per run in a loop is stopped here.</summary>
    public const int Most = 200;

    private const string Columns =
        "id AS Id, owner AS Owner, name AS Name, model AS Model, cron AS Cron, at AS At, minutes AS Minutes, note AS Note, created_at AS CreatedAt, changed_at AS ChangedAt";

    private readonly Database _database;
    private readonly ClusterView _view;
    private readonly TimeProvider _time;
    private long _generation;

    internal ScheduleRegistry(Database database, ClusterView view, TimeProvider time) => (_database, _view, _time) = (database, view, time);

    /// <summary>Grows with every change: a page reads again when it has grown.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>All plans, with what gets in each other's way.</summary>
    public async Task<ScheduleOverview> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await _database.ReadAsync(
            connection => connection.Query<StoredSchedule>($"SELECT {Columns} FROM schedules").Select(schedule => schedule.ToSchedule()).ToArray(), cancellationToken);
        var (now, zone) = (_time.GetUtcNow(), _time.LocalTimeZone);
        return new ScheduleOverview
        {
            Schedules = [.. stored.OrderBy(schedule => ScheduleTimes.FindNext(schedule, now, zone) ?? DateTimeOffset.MaxValue).ThenBy(schedule => schedule.Id.Value, StringComparer.Ordinal)],
            Conflicts = ScheduleConflicts.Find(stored, ModelOf, now, zone),
            Now = now,
            Zone = zone,
        };
    }

    /// <summary>Registers a new plan.</summary>
    public Task<ScheduleOutcome> AddAsync(ScheduleDraft draft, CancellationToken cancellationToken) => SaveAsync(draft, mayReplace: false, cancellationToken);

    /// <summary>Registers a plan under its id, in the place of the one that was there: a program may repeat this at every start.</summary>
    public Task<ScheduleOutcome> PutAsync(ScheduleDraft draft, CancellationToken cancellationToken) => SaveAsync(draft, mayReplace: true, cancellationToken);

    /// <summary>Removes a plan; false when there is none of that id.</summary>
    public async Task<bool> RemoveAsync(ScheduleId id, CancellationToken cancellationToken)
    {
        var removed = await _database.WriteAsync(
            (connection, transaction) => connection.Execute("DELETE FROM schedules WHERE id = @id", new { id = id.Value }, transaction), cancellationToken);
        Interlocked.Increment(ref _generation);
        return removed > 0;
    }

    private async Task<ScheduleOutcome> SaveAsync(ScheduleDraft draft, bool mayReplace, CancellationToken cancellationToken)
    {
        var (schedule, problems) = ScheduleRules.Check(draft, _time.GetUtcNow());
        if (schedule is null)
        {
            return new ScheduleOutcome.Invalid(problems);
        }

        var outcome = await _database.WriteAsync((connection, transaction) => Save(connection, transaction, schedule, mayReplace), cancellationToken);
        Interlocked.Increment(ref _generation);
        return outcome;
    }

    private static ScheduleOutcome Save(SqliteConnection connection, SqliteTransaction transaction, Schedule schedule, bool mayReplace)
    {
        var before = connection.QueryFirstOrDefault<StoredSchedule>(
            $"SELECT {Columns} FROM schedules WHERE id = @id", new { id = schedule.Id.Value }, transaction)?.ToSchedule();
        if (before is not null && !mayReplace)
        {
            return new ScheduleOutcome.Exists(before);
        }

        if (before is null && connection.QuerySingle<int>("SELECT count(*) FROM schedules", null, transaction) >= Most)
        {
            return new ScheduleOutcome.Full(Most);
        }

        schedule = schedule with { CreatedAt = before?.CreatedAt ?? schedule.CreatedAt };
        connection.Execute(
            """
            INSERT INTO schedules (id, owner, name, model, cron, at, minutes, note, created_at, changed_at)
            VALUES (@Id, @Owner, @Name, @Model, @Cron, @At, @Minutes, @Note, @CreatedAt, @ChangedAt)
            ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, name = excluded.name, model = excluded.model, cron = excluded.cron, at = excluded.at,
                minutes = excluded.minutes, note = excluded.note, changed_at = excluded.changed_at
            """,
            StoredSchedule.Of(schedule),
            transaction);
        return new ScheduleOutcome.Saved(schedule, before is null);
    }

    /// <summary>One name for all names of a model; one that is not on the disks is compared as it is written.</summary>
    private string ModelOf(string name) => ModelNames.Find(_view.Current.Models, name)?.Id.Value ?? name.ToLowerInvariant();
}
