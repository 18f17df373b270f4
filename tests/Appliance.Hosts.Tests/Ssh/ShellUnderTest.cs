using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Ssh;
using Appliance.TestKit.Files;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>The shell as the product wires it, with a key and a list of known hosts of its own.</summary>
internal sealed class ShellUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public ShellUnderTest(Action<SshOptions>? configure, params HostDefinition[] hosts)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<ITopology>(new FixedTopology(new ClusterDefinition { Hosts = [.. hosts] }));
        services.AddSshHosts();
        services.Configure<SshOptions>(options =>
        {
            options.KeyPath = KeyPath;
            options.KnownHostsPath = KnownHostsPath;
            options.Trust = SshTrust.First;
            configure?.Invoke(options);
        });
        _services = services.BuildServiceProvider();
    }

    public static HostId Spark { get; } = HostId.Parse("spark-1");

    public string KeyPath => _folder.File("data/id_ed25519");

    public string KnownHostsPath => _folder.File("data/known_hosts");

    public IHostShell Shell => _services.GetRequiredService<IHostShell>();

    /// <summary>The shell below the fence.</summary>
    public SshHostShell Ssh => _services.GetRequiredService<SshHostShell>();

    public ITopology Topology => _services.GetRequiredService<ITopology>();

    public SshKey Key => _services.GetRequiredService<SshKey>();

    public HostKeyDesk Desk => _services.GetRequiredService<HostKeyDesk>();

    public SshRuntime Runtime => _services.GetRequiredService<SshRuntime>();

    /// <summary>A shell for that sshd, whose key is let in.</summary>
    public static async Task<ShellUnderTest> ForAsync(SshdFixture sshd, Action<SshOptions>? configure = null)
    {
        var shell = new ShellUnderTest(configure, sshd.Describe(Spark));
        sshd.Authorize(await shell.Key.ReadPublicKeyAsync(CancellationToken.None).DefaultTimeout());
        return shell;
    }

    public Task<ShellOutcome> RunAsync(params string[] words) => RunAsync(ShellCommand.Of([.. words]));

    public Task<ShellOutcome> RunAsync(ShellCommand command) => Shell.RunAsync(Spark, command, CancellationToken.None).DefaultTimeout();

    public Task<ShellOutcome> RunScriptAsync(string text, params string[] parameters) => RunAsync(Script(text, parameters));

    /// <summary>Starts a script and returns once it has printed its first line.</summary>
    public async Task<Task<ShellOutcome>> StartScriptAsync(string text, CancellationToken cancellationToken, params string[] parameters)
    {
        var firstLine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Shell.FollowAsync(Spark, Script(text, parameters) with { Deadline = TimeSpan.FromMinutes(2) }, _ => firstLine.TrySetResult(), cancellationToken);
        await Task.WhenAny(firstLine.Task, running).DefaultTimeout();
        return running;
    }

    /// <summary>The background processes that hold the shared connections of this shell.</summary>
    public int[] FindMasters() =>
        [.. Directory.GetDirectories("/proc")
            .Where(path => Path.GetFileName(path).All(char.IsAsciiDigit))
            .Where(path => ReadCommandLine(path) is var words && words.Contains($"\0{Runtime.Folder}/") && words.Contains("\0-M\0"))
            .Select(path => int.Parse(Path.GetFileName(path)))];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private static ShellCommand Script(string text, string[] parameters) => ShellCommand.Of(new RemoteScript("test", text), [.. parameters]);

    private static string ReadCommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
