namespace Appliance.Cluster.Engines;

/// <summary>How words must be given to a launcher so that they arrive at the model server as they were meant.</summary>
public enum QuotingWay
{
    /// <summary>As they are: the launcher escapes them (from 2026-03-04 on).</summary>
    AsTheyAre,

    /// <summary>Between quotes of ours: the launcher joins them with blanks for a shell.</summary>
    Quoted,

    /// <summary>Neither way was seen to work: only words without any special character are sent.</summary>
    Unproven,
}
