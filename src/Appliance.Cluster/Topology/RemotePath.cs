namespace Appliance.Cluster.Topology;

/// <summary>
/// A folder or file on a host: absolute (<c>/srv/models</c>) or below the login user's home (<c>~/models</c>). No <c>..</c>, no control characters;
/// other characters are legal in a path and are quoted where the command is built.
/// </summary>
public readonly record struct RemotePath
{
    private RemotePath(string value) => Value = value;

    /// <summary>The text as configured.</summary>
    public string Value { get; }

    /// <summary>Whether the path starts at the login user's home.</summary>
    public bool IsBelowHome => Value.StartsWith('~');

    /// <summary>The part after <c>~/</c>, empty for the home itself; the whole path when it is absolute.</summary>
    public string Rest => IsBelowHome ? Value[1..].TrimStart('/') : Value;

    /// <summary>Reads a path; false when it is relative, climbs with <c>..</c>, or holds a control character.</summary>
    public static bool TryParse(string? text, out RemotePath path)
    {
        path = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 1024 || text.Any(char.IsControl))
        {
            return false;
        }

        var rooted = text[0] == '/' || text == "~" || text.StartsWith("~/", StringComparison.Ordinal);
        if (!rooted || text.Split('/').Contains(".."))
        {
            return false;
        }

        path = new RemotePath(text.Length > 1 ? text.TrimEnd('/') : text);
        return true;
    }

    /// <summary>Reads a path, or throws <see cref="FormatException"/>: for constants and tests.</summary>
    public static RemotePath Parse(string text) =>
        TryParse(text, out var path) ? path : throw new FormatException($"'{text}' is not an absolute path or a path below ~.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
