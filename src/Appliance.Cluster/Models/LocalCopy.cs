using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Models;

/// <summary>A model's files on one host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Size">Bytes on disk, links resolved.</param>
/// <param name="IsComplete">Whether every file that the model needs is there.</param>
/// <param name="Missing">What is missing, in words, for example "3 of 14 weight files"; null when complete.</param>
public sealed record LocalCopy(HostId Host, ByteSize Size, bool IsComplete, string? Missing = null);
