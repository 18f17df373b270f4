using Appliance.Cluster.Metrics;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;
using Appliance.TestKit.Given;
using Appliance.TestKit.Time;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Metrics;

public sealed class ClusterMeterTests
{
    [Fact]
    public void Snapshot_is_numbers()
    {
        var lines = Read(Given.Snapshot().Build());

        lines.ShouldContain("appliance_lane_state main working 1");
        lines.ShouldContain("appliance_lane_state main stopped 0");
        lines.ShouldContain("appliance_lane_model main redhatai--qwen3.6-35b 1");
        lines.ShouldContain("appliance_model_tokens_per_second main 97.2");
        lines.ShouldContain("appliance_model_requests_running main 2");
        lines.ShouldContain("appliance_swap_state main loading 0");
        lines.ShouldContain("appliance_host_state spark-1 working 1");
        lines.ShouldContain("appliance_host_temperature_celsius spark-1 58");
        lines.ShouldContain("appliance_host_memory_available_bytes spark-2 38000000000");
        lines.ShouldContain("appliance_service_state asr working 1");
    }

    [Fact]
    public void Running_change_is_in_one_step()
    {
        var lines = Read(Given.Snapshot().Swapping(Given.Swap(SwapState.Loading)).Build());

        lines.ShouldContain("appliance_swap_state main loading 1");
        lines.ShouldContain("appliance_swap_state main draining 0");
        lines.ShouldContain("appliance_swap_progress_ratio main 0.62");
        lines.ShouldContain("appliance_swap_queue main 0");
        lines.ShouldContain("appliance_lock_held main 0");
        lines.ShouldNotContain(line => line.StartsWith("appliance_lane_model", StringComparison.Ordinal));
    }

    [Fact]
    public void Reading_that_a_host_does_not_report_is_absent() =>
        Read(Given.Snapshot().LookingAround().Build()).ShouldNotContain(line => line.Contains("temperature", StringComparison.Ordinal));

    private static List<string> Read(ClusterSnapshot snapshot)
    {
        var view = new ClusterView(new FixedTopology(ClusterDefinition.Empty), new ManualClock());
        view.Update(_ => snapshot);
        using var meter = new ClusterMeter(view);
        using var reader = new MeterReader(instrument => instrument.Meter == meter.Meter);
        return [.. from family in reader.Read() from series in family.Series select $"{family.Name} {string.Join(' ', series.Labels.Select(label => label.Value))} {series.Value}"];
    }
}
