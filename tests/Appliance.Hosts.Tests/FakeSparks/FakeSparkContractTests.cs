using Appliance.Cluster.Engines;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Hosts.Tests.Ssh;
using Appliance.TestKit.Hosts;
using Appliance.TestKit.Sshd;
using Xunit;

namespace Appliance.Hosts.Tests.FakeSparks;

/// <summary>The contract of <see cref="IHostShell"/>, kept by the real shell against a real sshd.</summary>
public sealed class FakeSparkContractTests(FakeSparkContractTests.Rig rig) : HostShellContract, IClassFixture<FakeSparkContractTests.Rig>
{
    internal static readonly HostId Down = HostId.Parse("spark-2");

    protected override IHostShell Shell => rig.Shell.Shell;

    protected override HostId Host => ShellUnderTest.Spark;

    protected override HostId UnreachableHost => Down;

    protected override RemoteScript LookAtServer { get; } = RemoteScript.Load(typeof(IEngine), "look-at-server");

    public sealed class Rig : IAsyncLifetime
    {
        private FakeSpark? _spark;
        private ShellUnderTest? _shell;

        internal ShellUnderTest Shell => _shell!;

        internal FakeSpark Spark => _spark!;

        public async Task InitializeAsync()
        {
            _spark = await FakeSpark.StartAsync();
            var down = _spark.Describe(Down, "Spark 2") with { Port = FakeSpark.FreePort() };
            _shell = new ShellUnderTest(null, _spark.Describe(ShellUnderTest.Spark), down);
            _spark.Sshd.Authorize(await _shell.Key.ReadPublicKeyAsync(CancellationToken.None));
        }

        public async Task DisposeAsync()
        {
            await _shell!.DisposeAsync();
            await _spark!.DisposeAsync();
        }
    }
}
