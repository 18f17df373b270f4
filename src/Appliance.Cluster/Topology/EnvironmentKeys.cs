using System.Collections.Immutable;
using Appliance.Cluster.Settings;

namespace Appliance.Cluster.Topology;

/// <summary>Reads environment keys strictly and collects one sentence per bad key. Not thread-safe.</summary>
internal sealed class EnvironmentKeys(IReadOnlyDictionary<string, string?> environment)
{
    private readonly List<(string Key, string Sentence)> _problems = [];

    public IReadOnlyCollection<string> Problems => [.. _problems.Select(problem => problem.Sentence)];

    public bool HasProblem(string key) => _problems.Any(problem => problem.Key == key);

    public void Problem(string key, string saying) => _problems.Add((key, $"{key} {saying}."));

    public string? Text(string key, Func<string, bool> isGood, string grammar, string example)
    {
        var value = Value(key);
        if (value is null || isGood(value))
        {
            return value;
        }

        Problem(key, $"is '{Show(value)}', which is not {grammar}; for example {key}={example}");
        return null;
    }

    public int Port(string key, int absent)
    {
        var value = Value(key);
        if (value is null)
        {
            return absent;
        }

        if (YamlFields.TryReadNumber(value, 1, 65535, out var port))
        {
            return port;
        }

        Problem(key, $"is '{Show(value)}', which is not a port from 1 to 65535 in plain digits; for example {key}={absent}");
        return absent;
    }

    public RemotePath Path(string key, string absent)
    {
        var value = Value(key) ?? absent;
        if (RemotePath.TryParse(value, out var path))
        {
            return path;
        }

        Problem(key, $"is '{Show(value)}', which is not an absolute path or one below ~/ without '..'; for example {key}={absent}");
        return RemotePath.Parse(absent);
    }

    public ImmutableArray<string> Words(string key) =>
        [.. (Value(key) ?? "").Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => word.ToLowerInvariant())];

    public static string Show(string value)
    {
        var plain = new string([.. value.Select(c => char.IsControl(c) ? '?' : c)]);
        return plain.Length <= 60 ? plain : plain[..60] + "…";
    }

    private string? Value(string key) => environment.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
