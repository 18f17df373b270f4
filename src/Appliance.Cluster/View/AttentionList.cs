using System.Collections.Immutable;
using Appliance.Cluster.Health;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Swaps;
using Appliance.Cluster.Topology;

namespace Appliance.Cluster.View;

/// <summary>
/// What needs a person, most important first: the appliance itself, machines, models, the last change, services, edited files. One cause is told once: what cannot be known because its machine
/// is away is not listed again. Pure.
/// </summary>
internal static class AttentionList
{
    /// <summary>A change that did not work is told this long; the history keeps it for good.</summary>
    private static readonly TimeSpan ChangeIsNews = TimeSpan.FromHours(24);

    public static ImmutableArray<Attention> Of(ClusterSnapshot snapshot)
    {
        var away = snapshot.Hosts.Where(host => host.Fault is not null).Select(host => host.Definition.Id).ToHashSet();
        return
        [
            .. new[] { snapshot.Store }.OfType<Attention>(),
            .. snapshot.Hosts.OrderBy(host => host.Fault?.Kind != HostFaultKind.HostKeyChanged).Select(ForHost).OfType<Attention>(),
            .. snapshot.Lanes.Where(lane => !IsChanging(lane)).Select(lane => ForLane(lane, away.Contains(lane.Definition.Head))).OfType<Attention>(),
            .. snapshot.Lanes.Where(lane => !IsChanging(lane)).Select(lane => ForLastChange(lane, snapshot.ObservedAt)).OfType<Attention>(),
            .. snapshot.Services.Select(service => ForService(service, snapshot, away)).OfType<Attention>(),
            .. snapshot.Configuration,
        ];
    }

    private static bool IsChanging(LaneSnapshot lane) => lane.Swap is { } job && !job.State.IsTerminal();

    private static Attention? ForHost(HostSnapshot host)
    {
        var name = host.Definition.Name;
        return host.Fault is not { } fault
            ? null
            : fault.Kind switch
            {
                HostFaultKind.HostKeyChanged => new Attention($"{name} shows another key than before", fault.Message, fault.Advice),
                HostFaultKind.HostKeyUnknown => new Attention($"{name} waits for you to confirm its key", fault.Message, fault.Advice),
                HostFaultKind.AuthenticationFailed => new Attention($"{name} does not let us in", fault.Message, fault.Advice),
                HostFaultKind.KeyUnusable => new Attention("Our own key cannot be used", fault.Message, fault.Advice),
                HostFaultKind.Thrashing => new Attention($"{name} is overwhelmed", fault.Message, fault.Advice),
                HostFaultKind.UnexpectedShell => new Attention($"{name} answers in an unexpected way", fault.Message, fault.Advice),
                HostFaultKind.NotPrepared => new Attention($"{name} lacks something", fault.Message, fault.Advice),
                HostFaultKind.Unreachable or HostFaultKind.ConnectionLost or HostFaultKind.DeadlineExceeded =>
                    new Attention($"{name} cannot be reached", fault.Message, fault.Advice),

                // Only watched, as its owner wishes; or our own queue for it is full, which passes.
                _ => null,
            };
    }

    private static Attention? ForLane(LaneSnapshot lane, bool isHostAway)
    {
        var name = lane.Serving?.Name ?? $"The model on {lane.Definition.Name}";
        var reason = lane.Condition.Reason;
        return lane.Condition.Kind switch
        {
            ConditionKind.Stuck => new Attention(
                $"{name} is stuck", reason ?? "It takes questions and gives no answers.", "Change to a model again: it is stopped and started anew."),
            ConditionKind.Crashed => new Attention(
                $"{name} stopped by itself", reason ?? "Its model server has ended.", "Start it again. If it stops again, its log says why."),
            ConditionKind.Unreachable when !isHostAway => new Attention($"{name} cannot be reached", reason ?? "Its port does not answer."),
            _ => null,
        };
    }

    private static Attention? ForLastChange(LaneSnapshot lane, DateTimeOffset now)
    {
        // A change that was rolled back is told in the headline and in its card, and needs nobody: the previous model answers.
        if (lane.LastSwap is not { State: SwapState.Failed, Failure: { } failure, EndedAt: { } ended } job || now - ended >= ChangeIsNews)
        {
            return null;
        }

        // Somebody brought it about by other means, by hand for example.
        if (job.Kind == SwapKind.Swap && job.Model is { } wanted && lane.Serving?.Id == wanted)
        {
            return null;
        }

        var title = job.Kind == SwapKind.Stop ? $"{job.ModelName} could not be stopped" : $"The change to {job.ModelName} did not work";
        return new Attention(title, failure.Message, failure.Advice) { Change = job.Id };
    }

    private static Attention? ForService(ServiceSnapshot service, ClusterSnapshot snapshot, HashSet<HostId> away)
    {
        var definition = service.Definition;
        var condition = service.Condition;
        var title = condition.Kind switch
        {
            ConditionKind.Crashed when condition.Crashes > 1 => $"{definition.Name} crashed {condition.Crashes} times",
            ConditionKind.Crashed => $"{definition.Name} crashed",
            ConditionKind.Stuck => $"{definition.Name} no longer answers",
            ConditionKind.Unreachable when !away.Contains(definition.Host) => $"{definition.Name} cannot be reached",
            _ => null,
        };
        return title is null
            ? null
            : new Attention(title, $"{condition.Reason} The models are not affected.".TrimStart(), Advice(definition, snapshot));
    }

    private static string? Advice(ServiceDefinition service, ClusterSnapshot snapshot)
    {
        var host = snapshot.Hosts.FirstOrDefault(one => one.Definition.Id == service.Host)?.Definition.Name ?? service.Host.Value;
        return service.Container is { } container
            ? $"Its log says more: docker logs {container} on {host}."
            : $"Look at what should answer on port {service.Port} of {host}.";
    }
}
