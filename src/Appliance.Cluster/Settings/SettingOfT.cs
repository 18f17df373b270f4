namespace Appliance.Cluster.Settings;

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">An immutable type; null stands for "not set".</typeparam>
public abstract record Setting<T> : Setting
{
    /// <summary>The value when nobody set it.</summary>
    public required T Default { get; init; }

    /// <summary>The value of a text for which <see cref="Setting.FindProblem"/> is null; throws <see cref="FormatException"/> for others.</summary>
    public abstract T Read(string text);
}
