using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Health;

/// <summary>Whether a server is the one we mean. Pure.</summary>
internal static class ServerIdentity
{
    /// <summary>By the name it answers to, or by the repo it says it loaded.</summary>
    public static bool Matches(IdentityAnswer answer, string servedName, RepoId repo) =>
        answer is IdentityAnswer.Named named
        && (string.Equals(named.ServedName, servedName, StringComparison.OrdinalIgnoreCase)
            || string.Equals(named.Root, repo.ToString(), StringComparison.OrdinalIgnoreCase));
}
