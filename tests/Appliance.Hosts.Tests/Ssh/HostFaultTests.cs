using System.Net;
using System.Net.Sockets;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Hosts.Ssh;
using Appliance.TestKit.Sshd;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>Why a host cannot be used, and that nothing is sent to it then. Traps k, n, o; F-01, F-03, F-04, F-05; T-17, T-18.</summary>
public sealed class HostFaultTests
{
    [Fact]
    public async Task Closed_port_is_unreachable()
    {
        await using var shell = new ShellUnderTest(null, Loopback(FakeSpark.FreePort()));

        var fault = (await shell.RunAsync("true")).ShouldBeOfType<ShellOutcome.NotStarted>().Fault;

        fault.Kind.ShouldBe(HostFaultKind.Unreachable);
        fault.Message.ShouldStartWith("Spark 1 is there, but nothing answers SSH on port");
    }

    [Fact]
    public async Task Unknown_name_is_unreachable_and_advises_an_address()
    {
        await using var shell = new ShellUnderTest(null, Loopback(22) with { Address = "no-such-host.invalid" });

        var fault = (await shell.RunAsync("true")).ShouldBeOfType<ShellOutcome.NotStarted>().Fault;

        fault.Kind.ShouldBe(HostFaultKind.Unreachable);
        fault.Advice.ShouldNotBeNull().ShouldContain("IPv4");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trap_k_listener_that_never_speaks_is_thrashing_and_then_left_alone(bool isPinned)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var shell = new ShellUnderTest(options => options.ConnectTimeout = TimeSpan.FromSeconds(1), Loopback(port));
        if (isPinned)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(shell.KnownHostsPath)!);
            await File.WriteAllTextAsync(shell.KnownHostsPath, $"[127.0.0.1]:{port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        }

        var first = await shell.RunAsync("true");
        using var accepted = await listener.AcceptTcpClientAsync();
        var second = await shell.RunAsync("true");

        first.ShouldBeOfType<ShellOutcome.NotStarted>().Fault.Kind.ShouldBe(HostFaultKind.Thrashing);
        second.ShouldBe(first);
        listener.Pending().ShouldBeFalse("a thrashing host must not be asked again at once");
    }

    [Fact]
    public async Task Refused_key_is_an_authentication_failure_and_is_not_tried_a_fourth_time()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        sshd.AuthorizeNobody();

        for (var i = 0; i < 5; i++)
        {
            var fault = (await shell.RunAsync("true")).ShouldBeOfType<ShellOutcome.NotStarted>().Fault;
            fault.Kind.ShouldBe(HostFaultKind.AuthenticationFailed);
            fault.Advice.ShouldNotBeNull().ShouldContain("authorized_keys");
        }

        // The first connection only looked at the host key.
        sshd.ReadLog().Count(line => line.StartsWith("Connection from", StringComparison.Ordinal)).ShouldBe(1 + 3);

        sshd.Authorize(await shell.Key.ReadPublicKeyAsync(CancellationToken.None));
        await shell.Desk.RetryAsync(ShellUnderTest.Spark, CancellationToken.None);
        (await shell.RunAsync("true")).IsOk.ShouldBeTrue();
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    public async Task Trap_n_key_that_others_can_read_is_refused_before_the_host_is_asked(UnixFileMode extra)
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        File.SetUnixFileMode(shell.KeyPath, File.GetUnixFileMode(shell.KeyPath) | extra);

        var fault = (await shell.RunAsync("true")).ShouldBeOfType<ShellOutcome.NotStarted>().Fault;

        fault.Kind.ShouldBe(HostFaultKind.KeyUnusable);
        fault.Advice.ShouldNotBeNull().ShouldContain("chmod 600");
        sshd.ReadLog().ShouldNotContain(line => line.Contains("Connection from", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Key_is_made_at_first_use_for_its_owner_only()
    {
        await using var shell = new ShellUnderTest(null);

        var lines = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shell.Key.ReadPublicKeyAsync(CancellationToken.None))).DefaultTimeout();

        lines.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem().ShouldStartWith("ssh-ed25519 ");
        File.GetUnixFileMode(shell.KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Key_that_is_no_key_is_named_as_the_cause()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd);
        await File.WriteAllTextAsync(shell.KeyPath, "not a key\n");

        (await shell.RunAsync("true")).ShouldBeOfType<ShellOutcome.NotStarted>().Fault.Kind.ShouldBe(HostFaultKind.KeyUnusable);
        await Should.ThrowAsync<InvalidOperationException>(() => shell.Key.ReadPublicKeyAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(SshTrust.Ask)]
    [InlineData(SshTrust.First)]
    public async Task Trap_o_changed_host_key_is_refused_until_a_person_confirms_it(SshTrust trust)
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd, options => options.Trust = trust);
        await ConfirmShownKeyAsync(shell);
        (await shell.RunAsync("true")).IsOk.ShouldBeTrue();
        var pinned = await File.ReadAllTextAsync(shell.KnownHostsPath);

        await sshd.RestartWithNewHostKeyAsync();
        var refused = await shell.RunAsync("true");

        refused.ShouldBeOfType<ShellOutcome.NotStarted>().Fault.Kind.ShouldBe(HostFaultKind.HostKeyChanged);
        (await File.ReadAllTextAsync(shell.KnownHostsPath)).ShouldBe(pinned);
        sshd.ReadLog().Count(line => line.Contains("Accepted publickey", StringComparison.Ordinal)).ShouldBe(1);

        await ConfirmShownKeyAsync(shell);
        (await shell.RunAsync("true")).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task T17_unknown_host_key_is_shown_and_nothing_runs_until_it_is_confirmed()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd, options => options.Trust = SshTrust.Ask);
        var (key, _) = await shell.Desk.ReadShownAsync(ShellUnderTest.Spark, CancellationToken.None).DefaultTimeout();

        var fault = (await shell.RunAsync("true")).ShouldBeOfType<ShellOutcome.NotStarted>().Fault;

        fault.Kind.ShouldBe(HostFaultKind.HostKeyUnknown);
        fault.Message.ShouldContain(key.ShouldNotBeNull().Fingerprint);
        key.Fingerprint.Length.ShouldBe("SHA256:".Length + 43);
        File.Exists(shell.KnownHostsPath).ShouldBeFalse();
    }

    [Fact]
    public async Task T17_fingerprint_that_is_not_shown_any_more_is_not_pinned()
    {
        await using var sshd = await SshdFixture.StartAsync();
        await using var shell = await ShellUnderTest.ForAsync(sshd, options => options.Trust = SshTrust.Ask);
        var (key, _) = await shell.Desk.ReadShownAsync(ShellUnderTest.Spark, CancellationToken.None).DefaultTimeout();
        await sshd.RestartWithNewHostKeyAsync();

        var fault = await shell.Desk.ConfirmAsync(ShellUnderTest.Spark, key!.Fingerprint, CancellationToken.None).DefaultTimeout();

        fault.ShouldNotBeNull().Kind.ShouldBe(HostFaultKind.HostKeyUnknown);
        (await shell.Desk.ReadConfirmedAsync(ShellUnderTest.Spark, CancellationToken.None)).ShouldBeEmpty();
    }

    private static async Task ConfirmShownKeyAsync(ShellUnderTest shell)
    {
        var (key, _) = await shell.Desk.ReadShownAsync(ShellUnderTest.Spark, CancellationToken.None).DefaultTimeout();
        (await shell.Desk.ConfirmAsync(ShellUnderTest.Spark, key.ShouldNotBeNull().Fingerprint, CancellationToken.None).DefaultTimeout()).ShouldBeNull();
    }

    private static HostDefinition Loopback(int port) => new() { Id = ShellUnderTest.Spark, Name = "Spark 1", Address = "127.0.0.1", User = "alice", Port = port };
}
