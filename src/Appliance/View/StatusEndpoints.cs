using Appliance.Cluster.Primitives;
using Appliance.Cluster.View;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.View;

internal static class StatusEndpoints
{
    public static IEndpointConventionBuilder MapStatus(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api").WithTags("Status").WithSecurityClass(SecurityClass.OperatorRead);
        group.MapGet("/status", GetStatus).WithName("GetStatus").WithSummary("The whole state at one moment: lanes, hosts, services, what needs attention");
        group.MapGet("/hosts", GetHosts).WithName("GetHosts").WithSummary("The machines with their newest readings");
        group.MapGet("/services", GetServices).WithName("GetServices").WithSummary("Everything beside the models: speech, embeddings, vectors, bots");
        return group;
    }

    private static Ok<StatusWire> GetStatus(ClusterView view, TimeProvider time) => TypedResults.Ok(StatusWire.From(view.Current, ClockReading.Of(time)));

    private static Ok<HostsWire> GetHosts(ClusterView view) => TypedResults.Ok(new HostsWire([.. view.Current.Hosts.Select(HostWire.From)]));

    private static Ok<ServicesWire> GetServices(ClusterView view) =>
        TypedResults.Ok(new ServicesWire([.. view.Current.Services.Select(ServiceWire.From)]));
}
