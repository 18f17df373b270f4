namespace Appliance.Simulation.Rules;

/// <summary>
/// What must hold in the file at any moment, also right after a kill: a job that has ended has one event of its end and one message, one that has not has none;
/// an end never changes; no event is lost or doubled; no number is given twice.
/// </summary>
internal sealed class StoreRules(JournalView journal, Action<string> fail)
{
    private const string Ends = "SELECT count(*) FROM events WHERE correlation = job.id AND type IN ('swap_complete', 'swap_failed', 'lane_stopped')";

    private static readonly (string Rule, string Sql)[] Rules =
    [
        ("a job that has ended has one event of its end", $"SELECT count(*) FROM swap_jobs AS job WHERE ended_at IS NOT NULL AND ({Ends}) <> 1"),
        ("a job that has not ended has no event of its end", $"SELECT count(*) FROM swap_jobs AS job WHERE ended_at IS NULL AND ({Ends}) <> 0"),
        ("a job that has ended has one message",
            "SELECT count(*) FROM swap_jobs AS job WHERE ended_at IS NOT NULL AND (SELECT count(*) FROM webhooks WHERE job_id = job.id) <> 1"),
        ("there is no other message", "SELECT (SELECT count(*) FROM webhooks) <> (SELECT count(*) FROM swap_jobs WHERE ended_at IS NOT NULL)"),
        ("a job that began has one event of that",
            """
            SELECT count(*) FROM swap_jobs AS job WHERE state NOT IN ('Queued', 'Live', 'Failed', 'Cancelled')
                AND (SELECT count(*) FROM events WHERE correlation = job.id AND type = 'swap_started') <> 1
            """),
        ("a job is told of when it is accepted",
            """
            SELECT count(*) FROM swap_jobs AS job
            WHERE (SELECT count(*) FROM events WHERE correlation = job.id AND type IN ('swap_started', 'swap_queued')) NOT BETWEEN 1 AND 2
            """),
        ("no event is lost", "SELECT count(*) <> coalesce(max(id), 0) FROM events"),
        ("no epoch is given twice",
            """
            SELECT count(*) - count(DISTINCT epoch) FROM (
                SELECT epoch FROM swap_jobs UNION ALL SELECT epoch FROM reservations UNION ALL SELECT end_epoch FROM reservations WHERE end_epoch IS NOT NULL)
            """),
    ];

    private readonly Dictionary<string, string> _ended = [];

    /// <summary>Looks at the file.</summary>
    public void Check()
    {
        foreach (var (rule, sql) in Rules)
        {
            if (journal.Count(sql) != 0)
            {
                fail(rule);
            }
        }

        foreach (var (id, state) in journal.ReadEnded())
        {
            if (!_ended.TryAdd(id, state) && _ended[id] != state)
            {
                fail($"an end never changes, and {id} was {_ended[id]} and is {state}");
            }
        }
    }
}
