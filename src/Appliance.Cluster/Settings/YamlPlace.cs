using System.Runtime.InteropServices;

namespace Appliance.Cluster.Settings;

/// <summary>A place in a text file, both counted from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct YamlPlace(int Line, int Column)
{
    /// <summary>The very beginning.</summary>
    public static YamlPlace Start { get; } = new(1, 1);

    /// <summary>A sentence that begins with the place, for example <c>Line 3, column 5: …</c>.</summary>
    public string Say(string sentence) => $"Line {Line}, column {Column}: {sentence}";
}
