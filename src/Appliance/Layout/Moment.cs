using Appliance.Cluster.View;

namespace Appliance.Layout;

/// <summary>What a page shows at one moment: the snapshot, and the reader's clock.</summary>
/// <param name="Snapshot">Everything that is known.</param>
/// <param name="Now">The time, in whole seconds: a page is not drawn again for a fraction.</param>
/// <param name="Zone">The reader's time zone.</param>
public sealed record Moment(ClusterSnapshot Snapshot, DateTimeOffset Now, TimeZoneInfo Zone);
