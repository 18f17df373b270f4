using Appliance.Cluster.Models;

namespace Appliance.Models;

internal sealed record CopyWire(string Host, long SizeBytes, bool Complete, string? Missing)
{
    public static CopyWire From(LocalCopy copy) => new(copy.Host.Value, copy.Size.Bytes, copy.IsComplete, copy.Missing);
}
