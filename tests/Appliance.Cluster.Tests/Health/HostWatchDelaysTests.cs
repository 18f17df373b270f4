using Appliance.Cluster.Health;
using Appliance.Cluster.Shell;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Health;

public sealed class HostWatchDelaysTests
{
    [Fact]
    public void Unreachable_host_is_asked_more_and_more_rarely_up_to_half_a_minute() =>
        Enumerable.Range(1, 8).Select(failures => HostWatchDelays.After(HostFaultKind.Unreachable, failures, 0).TotalSeconds)
            .ShouldBe([1, 2, 4, 8, 16, 30, 30, 30]);

    [Theory]
    [InlineData(HostFaultKind.Thrashing, 60)]
    [InlineData(HostFaultKind.AuthenticationFailed, 180)]
    [InlineData(HostFaultKind.HostKeyChanged, 30)]
    public void Fault_that_haste_makes_worse_is_retried_slowly_from_the_first(HostFaultKind kind, double seconds) =>
        HostWatchDelays.After(kind, 1, 0).TotalSeconds.ShouldBe(seconds);

    [Fact]
    public void Every_kind_of_fault_has_a_wait_that_is_neither_short_nor_endless()
    {
        foreach (var kind in Enum.GetValues<HostFaultKind>())
        {
            foreach (var failures in new[] { int.MinValue, 0, 1, 40, int.MaxValue })
            {
                HostWatchDelays.After(kind, failures, 1).ShouldBeInRange(TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5));
            }
        }
    }
}
