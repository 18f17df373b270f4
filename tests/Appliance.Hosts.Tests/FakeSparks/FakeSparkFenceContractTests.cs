using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Hosts.Tests.Ssh;
using Appliance.TestKit.Hosts;
using Xunit;

namespace Appliance.Hosts.Tests.FakeSparks;

/// <summary>The contract of the fence, kept by <c>fence.sh</c> on a real sshd.</summary>
public sealed class FakeSparkFenceContractTests(FakeSparkContractTests.Rig rig) : FenceContract, IClassFixture<FakeSparkContractTests.Rig>
{
    private const string Work = """
        echo begun >>"$1.begun"
        while [ ! -e "$1" ]; do sleep 0.05; done
        echo finished
        """;

    protected override IHostShell Shell => rig.Shell.Shell;

    protected override HostId Host => ShellUnderTest.Spark;

    protected override HostId UnreachableHost => FakeSparkContractTests.Down;

    protected override int CountDockerCalls(params string[] words) => rig.Spark.ReadDockerCalls().Count(call => call.SequenceEqual(words));

    protected override LongWork PrepareLongWork()
    {
        var path = Path.Combine(rig.Spark.Home, $"work-{Guid.NewGuid():n}");
        return new LongWork(
            ShellCommand.Of(new RemoteScript("test", Work), path),
            () => File.WriteAllTextAsync(path, ""),
            () => File.Exists(path + ".begun") ? File.ReadAllLines(path + ".begun").Length : 0);
    }

    protected override Task CutConnectionsAsync()
    {
        rig.Spark.Sshd.CutSessions();
        return Task.CompletedTask;
    }

    protected override Task LoseRunningWorkAsync()
    {
        rig.Spark.KillRuns();
        return Task.CompletedTask;
    }
}
