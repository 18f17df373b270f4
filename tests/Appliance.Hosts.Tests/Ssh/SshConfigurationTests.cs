using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Ssh;
using Appliance.TestKit.Files;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>T-03: nothing that a settings field holds reaches ssh as an option or a directive.</summary>
public sealed class SshConfigurationTests
{
    private static readonly SshOptions Options = new() { KeyPath = "/keys/id", KnownHostsPath = "/keys/known hosts 100%" };

    [Theory]
    [InlineData("-oProxyCommand=touch canary")]
    [InlineData("--")]
    [InlineData("a b")]
    [InlineData("host\nProxyCommand touch canary")]
    [InlineData("host\0")]
    [InlineData("host\"")]
    [InlineData("%h")]
    [InlineData("$(id)")]
    [InlineData("user@host")]
    [InlineData("010.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("1.2.3")]
    [InlineData("[::1]")]
    [InlineData("a..b")]
    [InlineData("-a.b")]
    [InlineData("①②⑦.0.0.1")]
    [InlineData("")]
    public void T03_address_that_ssh_could_misread_is_refused(string address) => SshEndpoint.TryCreate(Host() with { Address = address }).ShouldBeNull();

    [Theory]
    [InlineData("-l")]
    [InlineData("alice\nHost *")]
    [InlineData("alice bob")]
    [InlineData("alice;id")]
    [InlineData("%u")]
    [InlineData("älice")]
    [InlineData("")]
    public void T03_user_that_ssh_could_misread_is_refused(string user) => SshEndpoint.TryCreate(Host() with { User = user }).ShouldBeNull();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void T03_port_out_of_range_is_refused(int port) => SshEndpoint.TryCreate(Host() with { Port = port }).ShouldBeNull();

    [Theory]
    [InlineData("192.168.1.20")]
    [InlineData("spark-1.local")]
    [InlineData("SPARK")]
    [InlineData("1host.example")]
    public void Ordinary_address_is_taken(string address) => SshEndpoint.TryCreate(Host() with { Address = address }).ShouldNotBeNull();

    [Fact]
    public void Paths_are_written_so_that_ssh_expands_nothing()
    {
        var text = SshConfiguration.ForCommands(SshEndpoint.TryCreate(Host())!, "192.168.1.20", Options, "/run/x.sock");

        text.ShouldContain("UserKnownHostsFile \"/keys/known hosts 100%%\"\n");
        text.ShouldContain("IdentityFile \"/keys/id\"\n");
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/a\"b")]
    [InlineData("/a\nProxyCommand x")]
    [InlineData("/${HOME}/x")]
    [InlineData("/a\\b")]
    public void Path_that_cannot_be_written_safely_is_refused(string path) => SshConfiguration.IsUsablePath(path).ShouldBeFalse();

    [Fact]
    public async Task Trap_b_host_value_that_is_an_option_starts_no_process()
    {
        using var folder = new TemporaryFolder();
        var canary = folder.File("canary");
        var host = Host() with { Address = $"-oProxyCommand=touch {canary}" };
        await using var shell = new ShellUnderTest(null, host);

        var outcome = await shell.RunAsync("true");

        var fault = outcome.ShouldBeOfType<ShellOutcome.NotStarted>().Fault;
        fault.Kind.ShouldBe(HostFaultKind.Unreachable);
        fault.Message.ShouldContain("not valid");
        File.Exists(canary).ShouldBeFalse();
    }

    private static HostDefinition Host() => new() { Id = ShellUnderTest.Spark, Name = "Spark 1", Address = "192.168.1.20", User = "alice" };
}
