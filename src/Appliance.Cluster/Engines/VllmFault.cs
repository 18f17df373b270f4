using System.Text.RegularExpressions;

namespace Appliance.Cluster.Engines;

/// <summary>One known fatal line. A cheap fragment is looked for first; the pattern takes the numbers out.</summary>
internal sealed class VllmFault
{
    private readonly string _fragment;
    private readonly Regex? _pattern;
    private readonly Func<GroupCollection, Diagnosis> _explain;

    /// <summary>A line that is known by a fragment alone.</summary>
    public VllmFault(string fragment, string code, string message, string? advice)
    {
        _fragment = fragment;
        var diagnosis = new Diagnosis(code, message, advice);
        _explain = _ => diagnosis;
    }

    /// <summary>A line with numbers or names in it.</summary>
    public VllmFault(string fragment, Regex pattern, Func<GroupCollection, Diagnosis> explain)
    {
        _fragment = fragment;
        _pattern = pattern;
        _explain = explain;
    }

    /// <summary>The diagnosis, when the line is this fault.</summary>
    public Diagnosis? Match(string line)
    {
        if (!line.Contains(_fragment, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var match = _pattern?.Match(line);
        return match is null or { Success: true } ? _explain(match?.Groups ?? Match0.Groups) : null;
    }

    private static readonly Match Match0 = System.Text.RegularExpressions.Match.Empty;
}
