using System.Collections.Immutable;

namespace Appliance.Cluster.Topology;

/// <summary>How a path travels to a script of ours: the shell over there does not expand a quoted <c>~</c>.</summary>
internal static class RemotePathWords
{
    /// <summary>Two words: <c>home</c> or <c>abs</c>, then the path below the home or the absolute path.</summary>
    public static ImmutableArray<string> ToWords(this RemotePath path) => [path.IsBelowHome ? "home" : "abs", path.Rest];
}
