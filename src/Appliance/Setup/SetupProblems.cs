using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Setup;

/// <summary>What can be wrong with a question about a machine, in HTTP's words.</summary>
internal static class SetupProblems
{
    public static ProblemHttpResult UnknownHost(ClusterDefinition cluster) => Answer(
        new Refusal(StatusCodes.Status404NotFound, "unknown_host", "There is no machine of that id.", "The field known lists the machines."),
        ("known", cluster.Hosts.Select(host => host.Id.Value).ToArray()));

    public static ProblemHttpResult NoFingerprint { get; } = Answer(
        Refusal.BadRequest with { Code = "bad_field", Detail = "fingerprint has to be the one that the machine's owner compared: SHA256: and 43 characters." });

    public static ProblemHttpResult Differs(string? shown) => Answer(
        new Refusal(
            StatusCodes.Status409Conflict,
            "host_key_differs",
            "The machine shows another host key than the one to be confirmed, so nothing was changed.",
            "The field fingerprint is the shown one. Compare it with what ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub prints on the machine."),
        ("fingerprint", shown));

    public static ProblemHttpResult Unusable(HostFault fault) =>
        Answer(new Refusal(StatusCodes.Status502BadGateway, "host_unreachable", fault.Message, fault.Advice));

    public static ProblemHttpResult NoKey(HostFault fault) =>
        Answer(new Refusal(StatusCodes.Status503ServiceUnavailable, "key_unusable", fault.Message, fault.Advice));

    public static HostDefinition? Find(ClusterDefinition cluster, string id) => HostId.TryParse(id, out var host) ? cluster.FindHost(host) : null;

    private static ProblemHttpResult Answer(Refusal refusal, params ReadOnlySpan<(string Name, object? Value)> more) =>
        TypedResults.Problem(Problem.Of(refusal, more));
}
