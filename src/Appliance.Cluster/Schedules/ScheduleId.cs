using System.Security.Cryptography;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Schedules;

/// <summary>Names one plan; chosen by the program that registers it, or made here. Grammar: <see cref="Slug"/>.</summary>
public readonly record struct ScheduleId
{
    private ScheduleId(string value) => Value = value;

    /// <summary>The text, never empty for a parsed id.</summary>
    public string Value { get; }

    /// <summary>Reads an id; false for anything the grammar refuses.</summary>
    public static bool TryParse(string? text, out ScheduleId id)
    {
        var ok = Slug.IsValid(text);
        id = ok ? new ScheduleId(text!) : default;
        return ok;
    }

    /// <summary>Reads an id, or throws <see cref="FormatException"/>: for storage and tests.</summary>
    public static ScheduleId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not the id of a plan.");

    /// <summary>A new id.</summary>
    public static ScheduleId New() => new($"plan-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
