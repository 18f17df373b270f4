using System.Diagnostics.Metrics;
using Appliance.Cluster.Health;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.View;

namespace Appliance.Cluster.Metrics;

/// <summary>
/// The newest snapshot as numbers, read when somebody asks. Labels are ids of the cluster's definition and words of ours. A reading that a host does not
/// report is absent, never zero. Thread-safe.
/// </summary>
public sealed class ClusterMeter : IDisposable
{
    private static readonly ConditionKind[] Conditions = Enum.GetValues<ConditionKind>();
    private static readonly SwapState[] RunningStates = [.. Enum.GetValues<SwapState>().Where(state => !state.IsTerminal())];

    private readonly ClusterView _view;

    /// <summary>Makes the instruments.</summary>
    public ClusterMeter(ClusterView view)
    {
        _view = view;
        Meter = new Meter(new MeterOptions("Appliance.Cluster") { Scope = this });
        Count("appliance.attention", "Things that need a person", () => [new(view.Current.Attention.Length)]);
        AddLanes();
        AddHosts();
        Count("appliance.service.state", "1 for the state that the service is in, 0 for the others", () => Current.Services.SelectMany(service =>
            Conditions.Select(state => One(service.Condition.Kind == state, "service", service.Definition.Id.Value, Word(state)))));
    }

    /// <summary>The meter that the instruments belong to.</summary>
    public Meter Meter { get; }

    private ClusterSnapshot Current => _view.Current;

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private void AddLanes()
    {
        Count("appliance.lane.state", "1 for the state that the lane is in, 0 for the others", () => Current.Lanes.SelectMany(lane =>
            Conditions.Select(state => One(lane.Condition.Kind == state, "lane", Id(lane), Word(state)))));
        Count("appliance.lane.model", "1 for the model that was seen to generate on the lane", () => Current.Lanes.SelectMany(lane =>
            lane.Serving is { } serving ? [new Measurement<long>(1, Tag("lane", Id(lane)), Tag("model", serving.Id?.Value ?? Id(lane)))] : Array.Empty<Measurement<long>>()));
        Count("appliance.swap.state", "1 for the step that the running change of the lane is in, 0 for the others", () => Current.Lanes.SelectMany(lane =>
            RunningStates.Select(state => One(lane.Swap?.State == state, "lane", Id(lane), Word(state)))));
        Number("appliance.swap.progress", "1", "How far the running change of the lane is, 0 to 1", () => OfLanes(lane => lane.Swap?.Progress / 100));
        Count("appliance.swap.queue", "Changes of the model that wait for their turn on the lane", () => Current.Lanes.Select(lane =>
            new Measurement<long>(lane.Queue.Length, Tag("lane", Id(lane)))));
        Count("appliance.lock.held", "1 while somebody has reserved the lane, else 0", () => Current.Lanes.Select(lane =>
            new Measurement<long>(lane.Reservation is null ? 0 : 1, Tag("lane", Id(lane)))));
        Number("appliance.model.tokens_per_second", null, "What the model server generates, as its own counters say", () => OfLanes(lane => lane.Serving?.TokensPerSecond));
        Number("appliance.model.requests_running", null, "Requests that the model server works on, as it says", () => OfLanes(lane => lane.Serving?.Running));
        Number("appliance.model.requests_waiting", null, "Requests that wait in the model server, as it says", () => OfLanes(lane => lane.Serving?.Waiting));
    }

    private void AddHosts()
    {
        Count("appliance.host.state", "1 for the state that the host is in, 0 for the others", () => Current.Hosts.SelectMany(host =>
            Conditions.Select(state => One(host.Condition.Kind == state, "host", host.Definition.Id.Value, Word(state)))));
        Number("appliance.host.memory_total", "By", "Memory of the host", () => OfHosts(host => host.MemoryTotal?.Bytes));
        Number("appliance.host.memory_available", "By", "Memory of the host that is still free", () => OfHosts(host => host.MemoryAvailable?.Bytes));
        Number("appliance.host.disk_free", "By", "Free bytes where the models lie", () => OfHosts(host => host.DiskFree?.Bytes));
        Number("appliance.host.gpu_utilization", "1", "How busy the GPU is, 0 to 1", () => OfHosts(host => host.GpuPercent / 100));
        Number("appliance.host.temperature", "Cel", "Temperature of the GPU", () => OfHosts(host => host.TemperatureCelsius));
        Number("appliance.host.power", "W", "Power that the GPU draws", () => OfHosts(host => host.PowerWatts));
        Number("appliance.host.load", null, "Load average of one minute", () => OfHosts(host => host.Load));
    }

    private void Count(string name, string help, Func<IEnumerable<Measurement<long>>> observe) => Meter.CreateObservableGauge(name, observe, null, help);

    private void Number(string name, string? unit, string help, Func<IEnumerable<Measurement<double>>> observe) => Meter.CreateObservableGauge(name, observe, unit, help);

    private IEnumerable<Measurement<double>> OfLanes(Func<LaneSnapshot, double?> read) =>
        Current.Lanes.Where(lane => read(lane) is not null).Select(lane => new Measurement<double>(read(lane)!.Value, Tag("lane", Id(lane))));

    private IEnumerable<Measurement<double>> OfHosts(Func<HostSnapshot, double?> read) =>
        Current.Hosts.Where(host => read(host) is not null).Select(host => new Measurement<double>(read(host)!.Value, Tag("host", host.Definition.Id.Value)));

    private static Measurement<long> One(bool isIt, string label, string id, string state) => new(isIt ? 1 : 0, Tag(label, id), Tag("state", state));

    private static string Id(LaneSnapshot lane) => lane.Definition.Id.Value;

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string Word<T>(T state)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
