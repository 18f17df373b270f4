using Appliance.Cluster.Settings;

namespace Appliance.Security;

/// <summary>The names that the operator added, separated by commas. A name without a port is allowed with any port. Thread-safe.</summary>
internal sealed class AllowedHosts(ISettings settings)
{
    public static readonly TextSetting Names = new()
    {
        Key = "ALLOWED_HOSTS",
        Title = "Names of this page",
        Help = "The names under which you open the page, beside addresses and this machine's own name; with a comma between them.",
        Section = "Access",
        Default = null,
        IsGood = text => TryParse(text, out _),
        Grammar = "a list of names or addresses, with a port if you like",
        Example = "ai.home.example,192.0.2.7:8443",
    };

    private volatile Parsed _parsed = new(null, []);

    private sealed record Parsed(string? Text, IReadOnlyList<Authority> Hosts);

    public IReadOnlyList<Authority> Current
    {
        get
        {
            // Asked for every request, changed once in a blue moon.
            var text = settings.Get(Names);
            var parsed = _parsed;
            if (!ReferenceEquals(parsed.Text, text))
            {
                _ = TryParse(text ?? "", out var hosts);
                _parsed = parsed = new Parsed(text, hosts);
            }

            return parsed.Hosts;
        }
    }

    /// <summary>False when an entry is neither a name nor an address.</summary>
    public static bool TryParse(string text, out IReadOnlyList<Authority> hosts)
    {
        var entries = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Authority.TryParse).ToArray();
        hosts = [.. entries.OfType<Authority>()];
        return hosts.Count == entries.Length;
    }
}
