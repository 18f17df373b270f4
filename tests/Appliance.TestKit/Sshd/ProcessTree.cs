using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Appliance.TestKit.Sshd;

/// <summary>The descendants of a process of ours, from /proc, and signals for them.</summary>
public static class ProcessTree
{
    /// <summary>All descendants, without the process itself.</summary>
    public static ImmutableArray<int> ReadDescendants(int pid)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .ToLookup(ReadParent);
        return [.. Below(pid)];

        IEnumerable<int> Below(int parent) => children[parent].SelectMany(child => Below(child).Prepend(child));
    }

    /// <summary>The processes that lead a group and have the text in their command line.</summary>
    public static ImmutableArray<int> FindGroups(string text) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(pid => ReadGroup(pid) == pid && ReadCommandLine(pid).Contains(text, StringComparison.Ordinal))];

    /// <summary>Sends a signal, for example STOP, CONT or KILL, to processes, or to a group by its negative number. What is gone already is left out.</summary>
    public static void Signal(string signal, IEnumerable<int> pids)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "signal=$1; shift; kill -s \"$signal\" -- \"$@\" 2>/dev/null", "sh", signal, .. pids.Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);
        using var process = Process.Start(start)!;
        process.WaitForExit();
    }

    /// <summary>The program's short name; empty when the process is gone.</summary>
    public static string ReadName(int pid) => ReadStat(pid) is { } stat ? stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')] : "";

    private static int ReadParent(int pid) => ReadNumber(pid, 1);

    private static int ReadGroup(int pid) => ReadNumber(pid, 2);

    // Counted from the state on, which follows the name in brackets.
    private static int ReadNumber(int pid, int place) =>
        ReadStat(pid) is { } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[place], CultureInfo.InvariantCulture) : -1;

    private static string ReadCommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string? ReadStat(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
