using System.Globalization;
using Appliance.Cluster.Settings;
using Appliance.Cluster.Storage;
using Appliance.Cluster.Topology;
using Appliance.Demo;
using Appliance.Demo.Scenarios;
using Appliance.Hosts.Ssh;
using Appliance.Logging;

namespace Appliance.Hosting;

/// <summary>Reads the environment keys, and of the settings what is needed before anything runs. All mistakes are told at once, each naming its key.</summary>
internal sealed class EnvironmentOptions(Func<string, string?> read)
{
    private const int UsualPort = 9999;
    private const string UsualDataDirectory = "/data";
    private readonly List<string> _errors = [];

    public static ApplianceOptions Read(Func<string, string?> read, Secrets secrets) => new EnvironmentOptions(read).Read(secrets);

    private ApplianceOptions Read(Secrets secrets)
    {
        var data = new DataDirectory(ReadDataDirectory());
        var settings = ReadSettings(data);
        CheckTimeZone();
        var options = new ApplianceOptions
        {
            Data = data,
            Urls = ReadUrls(),
            IsInContainer = Find("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1",
            Demo = ReadDemo(settings, data),
            SshKeyPath = ReadSshKeyPath(),
            SshTrust = SshSettings.ReadTrust(settings),
            Topology = ConfiguredTopology.Load(settings, data),
            ReadEnvironment = read,
            Secrets = secrets,
        };
        return _errors.Count == 0 ? options : throw new StartRefusedException(_errors);
    }

    private string? Find(string key) => read(key) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private string ReadDataDirectory()
    {
        if (Find("DATA_DIR") is { } path)
        {
            return Path.GetFullPath(path);
        }

        // Without a container there is no /data; a person who just starts it gets a folder of their own.
        return Directory.Exists(UsualDataDirectory)
            ? UsualDataDirectory
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "appliance");
    }

    private string[] ReadUrls()
    {
        if (Find("ASPNETCORE_URLS") is not { } urls)
        {
            return [$"http://*:{ReadPort()}"];
        }

        var list = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (list.Length > 0 && list.All(IsUsableUrl))
        {
            return list;
        }

        _errors.Add("ASPNETCORE_URLS is a list of plain http addresses, for example ASPNETCORE_URLS=http://127.0.0.1:9999.");
        return [];
    }

    private static bool IsUsableUrl(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http", PathBase: "" or "/", IsUnixPipe: false };
        }
        catch (FormatException)
        {
            // The caller tells which key is wrong.
            return false;
        }
    }

    private int ReadPort()
    {
        var text = Find("PORT");
        if (text is null)
        {
            return UsualPort;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535)
        {
            return port;
        }

        _errors.Add("PORT is a number from 1 to 65535, for example PORT=9999.");
        return UsualPort;
    }

    // The runtime reads it by itself and takes UTC for what it does not know: programs' plans would silently move by hours.
    private void CheckTimeZone()
    {
        if (Find("TZ") is { } zone && !zone.StartsWith(':') && !zone.StartsWith('/') && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            _errors.Add("TZ is the name of a time zone, for example TZ=Europe/Berlin.");
        }
    }

    private DemoOptions? ReadDemo(SettingValues settings, DataDirectory data)
    {
        if (Find("DEMO") is not { } word)
        {
            var isConfigured = settings.Get(TopologySettings.FirstHost) is not null || settings.Get(TopologySettings.SecondHost) is not null || File.Exists(data.ClusterFile);
            return isConfigured ? null : new DemoOptions();
        }

        if (word.ToLowerInvariant() is "0" or "off" or "no" or "false")
        {
            return null;
        }

        if (DemoScenario.TryParse(word, out var scenario))
        {
            return new DemoOptions { Scenario = scenario };
        }

        _errors.Add($"DEMO is 0, 1 or one of {string.Join(", ", DemoScenario.All.Select(known => known.Name))}, for example DEMO=host-offline.");
        return null;
    }

    // Bad keys stop the start like all others; a bad app_settings.json or cluster.yaml does not: the page comes up and says why.
    private SettingValues ReadSettings(DataDirectory data)
    {
        var start = Composition.ReadSettings(read, data);
        _errors.AddRange(start.Problems);
        return start.Values;
    }

    private string? ReadSshKeyPath()
    {
        var path = Find("SSH_KEY_PATH");
        if (path is null || Path.IsPathFullyQualified(path))
        {
            return path;
        }

        _errors.Add("SSH_KEY_PATH is an absolute path, for example SSH_KEY_PATH=/data/ssh/id_ed25519.");
        return null;
    }
}
