using System.Globalization;

namespace Appliance.Benchmarks.Servers;

/// <summary>What a process and those that it started use of the machine, as the kernel counts it.</summary>
internal sealed class ProcessUse(int pid)
{
    private const int Kibibyte = 1024;

    /// <summary>Linux tells processor time to programs in hundredths of a second, whatever it counts in itself.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Resident memory now, in bytes.</summary>
    public long ReadMemory() => Tree().Sum(ReadMemory);

    /// <summary>Processor time since the start, the kernel's on their behalf included.</summary>
    public TimeSpan ReadProcessorTime() => s_tick * Tree().Sum(ReadTicks);

    private IEnumerable<int> Tree() =>
        [pid, .. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(child => int.Parse(child, CultureInfo.InvariantCulture))];

    private static long ReadMemory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) * Kibibyte;
    }

    /// <summary>User and system time are the 14th and 15th field; the name before them may hold spaces.</summary>
    private static long ReadTicks(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
