namespace Appliance.Cluster.Events;

/// <summary>The detail keys that an event of this type may carry. What is not listed is dropped before it is stored (threat T-16).</summary>
/// <param name="keys">Names in snake_case. Their values are short words and numbers, never people's words.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class EventDetailsAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys { get; } = keys;
}
