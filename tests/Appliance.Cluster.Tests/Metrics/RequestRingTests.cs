using Appliance.Cluster.Metrics;
using Appliance.Cluster.Settings;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Metrics;

public sealed class RequestRingTests
{
    private readonly FixedSettings _settings = new();

    [Fact]
    public void Newest_is_first_and_only_the_last_ones_are_kept()
    {
        var ring = new RequestRing(_settings.With(MetricsSettings.RequestLog, "on"));
        for (var i = 0; i < RequestRing.Size + 5; i++)
        {
            ring.Add(Request($"req_{i}"));
        }

        var all = ring.Read(int.MaxValue);

        all.Length.ShouldBe(RequestRing.Size);
        all[0].RequestId.ShouldBe($"req_{RequestRing.Size + 4}");
        all[^1].RequestId.ShouldBe("req_5");
        ring.Read(2).Select(request => request.RequestId).ShouldBe([$"req_{RequestRing.Size + 4}", $"req_{RequestRing.Size + 3}"]);
    }

    [Fact]
    public void Nothing_is_kept_by_default()
    {
        var ring = new RequestRing(_settings);
        ring.Add(Request("req_1"));
        _settings.With(MetricsSettings.RequestLog, "on");

        ring.Read(10).ShouldBeEmpty();
    }

    [Fact]
    public void List_is_empty_as_soon_as_it_is_off()
    {
        var ring = new RequestRing(_settings.With(MetricsSettings.RequestLog, "on"));
        ring.Add(Request("req_1"));
        _settings.With(MetricsSettings.RequestLog, "off");
        ring.Add(Request("req_2"));
        _settings.With(MetricsSettings.RequestLog, "on");

        ring.Read(10).ShouldBeEmpty();
    }

    private static RequestRecord Request(string id) => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        RequestId = id,
        Route = "/v1/embeddings",
        Status = 200,
        Fault = RequestFault.None,
        Duration = TimeSpan.FromSeconds(1),
    };
}
