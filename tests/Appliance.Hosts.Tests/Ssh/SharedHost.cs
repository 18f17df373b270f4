using Appliance.TestKit.Sshd;
using Xunit;

namespace Appliance.Hosts.Tests.Ssh;

/// <summary>One sshd and one shell for tests that disturb neither.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private SshdFixture? _sshd;
    private ShellUnderTest? _shell;

    public SshdFixture Sshd => _sshd!;

    internal ShellUnderTest Shell => _shell!;

    public async Task InitializeAsync()
    {
        _sshd = await SshdFixture.StartAsync();
        _shell = await ShellUnderTest.ForAsync(_sshd);
    }

    public async Task DisposeAsync()
    {
        await _shell!.DisposeAsync();
        await _sshd!.DisposeAsync();
    }
}
