using System.Globalization;
using System.Net;
using Appliance.Cluster.Primitives;

namespace Appliance.Cluster.Health;

/// <summary>
/// Reads the answer of <c>host-facts.sh</c>. Pure; never throws, whatever the text. A value that makes no sense (<c>[N/A]</c>, <c>Not Supported</c>, a
/// negative temperature of millions) is not reported, never guessed.
/// </summary>
internal static class HostFactsReader
{
    /// <summary>The first line of ours.</summary>
    public const string Header = "appliance-facts 1";

    private const long MaxKibibytes = 1L << 42;

    /// <summary>Reads an answer; null when it is not one of that script.</summary>
    public static HostFacts? Read(string text)
    {
        HostFacts? facts = null;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            if (facts is null)
            {
                facts = raw.SequenceEqual(Header) ? new HostFacts() : null;
                continue;
            }

            if (raw.Length > 1024)
            {
                continue;
            }

            var line = raw.ToString();
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            facts = words switch
            {
                ["boot", var boot] when boot.Length <= 64 => facts with { BootId = boot },
                ["load", var load, ..] => facts with { Load = Number(load, 0, 1e6) },
                ["memory", "MemTotal:", var size, "kB"] => facts with { MemoryTotal = Kibibytes(size) },
                ["memory", "MemAvailable:", var size, "kB"] => facts with { MemoryAvailable = Kibibytes(size) },
                ["disk", ..] => facts with { DiskFree = FreeOf(words) ?? facts.DiskFree },
                ["gpu", ..] => ReadGpu(facts, line["gpu ".Length..]),
                ["app", ..] => ReadApp(facts, line["app ".Length..]),
                ["apps", "read"] => facts with { MemoryOfModels = facts.MemoryOfModels ?? ByteSize.Zero },
                ["link", _, "up", var speed] => ReadLink(facts, speed),
                ["vpn", _, var address] => facts with { VpnAddress = facts.VpnAddress ?? Address(address) },
                _ => facts,
            };
        }

        return facts;
    }

    // "df -P": filesystem, size, used, available, capacity, mount point. The mount point may hold blanks, and so may a network disk's name: the percent
    // sign is the landmark.
    private static ByteSize? FreeOf(string[] words)
    {
        var percent = Array.FindLastIndex(words, word => word.EndsWith('%'));
        return percent >= 4 ? Kibibytes(words[percent - 1]) : null;
    }

    // "name, temperature.gpu, power.draw, utilization.gpu"; of several GPUs the first counts.
    private static HostFacts ReadGpu(HostFacts facts, string line)
    {
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != 4 || facts.GpuName is not null || IsAbsent(cells[0]))
        {
            return facts;
        }

        return facts with
        {
            GpuName = cells[0],
            TemperatureCelsius = Number(cells[1], -50, 200),
            PowerWatts = Number(cells[2], 0, 10_000),
            GpuPercent = Number(cells[3], 0, 100),
        };
    }

    // "pid, process_name, used_memory" in MiB. The name of a process may hold commas; the memory is the last.
    private static HostFacts ReadApp(HostFacts facts, string line)
    {
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        return cells.Length >= 3 && Number(cells[^1], 0, MaxKibibytes >> 10) is { } mebibytes
            ? facts with { MemoryOfModels = (facts.MemoryOfModels ?? ByteSize.Zero) + new ByteSize((long)(mebibytes * (1 << 20))) }
            : facts;
    }

    private static HostFacts ReadLink(HostFacts facts, string speed) =>
        Number(speed, 1, 10_000_000) is { } megabits && megabits > (facts.LinkMegabits ?? 0) ? facts with { LinkMegabits = (int)megabits } : facts;

    private static string? Address(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address) ? address.ToString() : null;
    }

    private static ByteSize? Kibibytes(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= MaxKibibytes ? ByteSize.FromKibibytes(size) : null;

    private static double? Number(string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= least && value <= most
            ? value
            : null;

    private static bool IsAbsent(string cell) =>
        cell.Length is 0 or > 100 || cell.Contains("N/A", StringComparison.Ordinal) || cell.Contains("Not Supported", StringComparison.Ordinal);
}
