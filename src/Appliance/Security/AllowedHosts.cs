namespace Appliance.Security;

/// <summary>The names that the operator added (<c>ALLOWED_HOSTS</c>, separated by commas). A name without a port is allowed with any port.</summary>
internal static class AllowedHosts
{
    public const string Key = "ALLOWED_HOSTS";

    public static IReadOnlyList<Authority> Parse(string? text, ICollection<string> errors)
    {
        var hosts = new List<Authority>();
        foreach (var entry in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Authority.TryParse(entry) is { } host)
            {
                hosts.Add(host);
            }
            else
            {
                errors.Add($"{Key} is a list of names or addresses, with a port if you like, for example ai.home.example,192.0.2.7:8443; one entry is neither.");
            }
        }

        return hosts;
    }
}
