using FsCheck;
using FsCheck.Fluent;

namespace Appliance.Cluster.Tests.Engines;

/// <summary>
/// What docker, Ray and terminals do to a log on its way to us: processes' names in front, colours in the middle of words, carriage returns, progress bars
/// that share a line with a message, bare names between the lines.
/// </summary>
internal static class NoisyLog
{
    private static readonly Gen<string> Prefix = Gen.Elements(
        "", "(APIServer pid=1) ", "(EngineCore pid=301) ", "(EngineCore_DP0 pid=301) ", "(Worker_TP0 pid=402) ", "(EngineCore pid=301) (Worker_TP0 pid=402) ",
        "(EngineCore pid=301) (RayWorkerWrapper pid=733) ");

    private static readonly Gen<string> Escape = Gen.Elements(
        "\u001b[0m", "\u001b[1;32m", "\u001b[36m", "\u001b[K", "\u001b[2K", "\u001b[?25l", "\u001b]0;vllm\u0007", "\u001b]8;;http://192.0.2.11/\u001b\\", "\u009b31m");

    private static readonly Gen<string> Bar = Gen.Elements("", "", "Warm-up:  30%|###       | 3/10\r", "\r", "\r\r");

    private static readonly Gen<string> End = Gen.Elements("", "", "\r", "  \r", "\u001b[0m");

    private static readonly Gen<string[]> Between = Gen.Elements<string[]>([], [], ["(EngineCore pid=301) "], [""], ["\r"], ["(RayWorkerWrapper pid=733, ip=192.0.2.12) "]);

    public static Gen<string[]> Of(string[] lines) => Gen.CollectToArray(lines, OfLine).Select(parts => parts.SelectMany(part => part).ToArray());

    private static Gen<string[]> OfLine(string line) =>
        from prefix in Prefix
        from bar in Bar
        from coloured in Coloured(line)
        from end in End
        from between in Between
        select (string[])[.. between, $"{bar}{prefix}{coloured}{end}"];

    private static Gen<string> Coloured(string line) =>
        from marks in (from place in Gen.Choose(0, line.Length) from escape in Escape select (place, escape)).ListOf(2)
        from isColoured in Gen.Elements(true, false)
        select isColoured ? marks.OrderByDescending(mark => mark.place).Aggregate(line, (text, mark) => text.Insert(mark.place, mark.escape)) : line;
}
