using System.Collections.Frozen;
using System.Reflection;

namespace Appliance.Cluster.Events;

/// <summary>
/// The types of events, each with the only details that it may carry. Names are part of the API. A new type is one constant here: without a list of details
/// its test fails, and an event of a type that is not listed here is not stored.
/// </summary>
public static class EventTypes
{
    /// <summary>A swap or stop was accepted.</summary>
    [EventDetails("job_id", "lane", "model", "from_model", "requested_by", "epoch")]
    public const string SwapStarted = "swap_started";

    /// <summary>A swap was accepted and waits for its turn.</summary>
    [EventDetails("job_id", "lane", "model", "from_model", "requested_by", "epoch")]
    public const string SwapQueued = "swap_queued";

    /// <summary>The wanted model answers.</summary>
    [EventDetails("job_id", "lane", "model", "from_model", "requested_by", "epoch", "state")]
    public const string SwapComplete = "swap_complete";

    /// <summary>The wanted model does not answer; the details say whether the previous one is back.</summary>
    [EventDetails("job_id", "lane", "model", "from_model", "requested_by", "epoch", "state", "error_code", "rolled_back_to")]
    public const string SwapFailed = "swap_failed";

    /// <summary>A lane was stopped on purpose.</summary>
    [EventDetails("job_id", "lane", "model", "from_model", "requested_by", "epoch", "state")]
    public const string LaneStopped = "lane_stopped";

    /// <summary>A model ended by itself seconds after its first answer.</summary>
    [EventDetails("job_id", "lane", "model", "error_code")]
    public const string ModelCrashed = "model_crashed";

    /// <summary>Something was started or stopped outside the appliance.</summary>
    [EventDetails("lane", "model", "from_model")]
    public const string LaneDrift = "lane_drift";

    /// <summary>A lane, host or service changed its condition.</summary>
    [EventDetails("lane", "service", "host", "state")]
    public const string ConditionChanged = "condition_changed";

    /// <summary>Settings have other values; the details name the keys, never the values.</summary>
    [EventDetails("keys", "by")]
    public const string SettingsChanged = "settings_changed";

    /// <summary>A message about a job was not taken by its receiver and is not tried any more.</summary>
    [EventDetails("webhook_id", "job_id", "attempts", "status")]
    public const string WebhookGivenUp = "webhook_given_up";

    /// <summary>The wall clock jumped: it was set, or the machine slept.</summary>
    [EventDetails("seconds")]
    public const string ClockJumped = "clock_jumped";

    /// <summary>The appliance could not write or read its own data for a while, and can again.</summary>
    [EventDetails("seconds")]
    public const string StoreRecovered = "store_recovered";

    /// <summary>What the aliases stand for was changed.</summary>
    [EventDetails("aliases", "by")]
    public const string AliasesChanged = "aliases_changed";

    /// <summary>A key was made; never its secret.</summary>
    [EventDetails("key_id", "scope")]
    public const string KeyCreated = "key_created";

    /// <summary>A key was revoked.</summary>
    [EventDetails("key_id", "scope")]
    public const string KeyRevoked = "key_revoked";

    /// <summary>The appliance started.</summary>
    [EventDetails("version")]
    public const string ApplianceStarted = "appliance_started";

    /// <summary>A lane was reserved.</summary>
    [EventDetails("lane", "holder", "ttl_seconds", "epoch", "lock_epoch")]
    public const string LockAcquired = "lock_acquired";

    /// <summary>The holder gave a lane back.</summary>
    [EventDetails("lane", "holder", "ttl_seconds", "epoch", "lock_epoch")]
    public const string LockReleased = "lock_released";

    /// <summary>Somebody else ended a reservation.</summary>
    [EventDetails("lane", "holder", "ttl_seconds", "epoch", "lock_epoch", "by")]
    public const string LockForced = "lock_forced";

    /// <summary>A reservation ran out.</summary>
    [EventDetails("lane", "holder", "ttl_seconds", "epoch", "lock_epoch")]
    public const string LockExpired = "lock_expired";

    // Read once from the constants above, so that a name and its list cannot come apart.
    private static readonly FrozenDictionary<string, FrozenSet<string>> Lists = typeof(EventTypes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .ToFrozenDictionary(
            field => (string)field.GetRawConstantValue()!,
            field => (field.GetCustomAttribute<EventDetailsAttribute>()?.Keys ?? []).ToFrozenSet(StringComparer.Ordinal),
            StringComparer.Ordinal);

    /// <summary>Every type.</summary>
    public static IEnumerable<string> All => Lists.Keys;

    /// <summary>Whether there is such a type.</summary>
    public static bool IsKnown(string type) => Lists.ContainsKey(type);

    /// <summary>The details that events of a type may carry; null for an unknown type.</summary>
    internal static FrozenSet<string>? FindDetails(string type) => Lists.GetValueOrDefault(type);
}
