using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Setup;

internal static class SetupEndpoints
{
    // "SHA256:" and 256 bits in base64 without padding.
    private const int FingerprintLength = 50;

    public static IEndpointConventionBuilder MapSetup(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/hosts/{id}").WithTags("Status").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/ssh-key", GetKeyAsync).WithName("GetHostSshKey").WithSummary("Our public key, one line for authorized_keys on the machine")
            .WithSecurityClass(SecurityClass.OperatorRead)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/test", TestAsync).WithName("TestHost").WithSummary("Connect anew and say step by step what works")
            .WithSecurityClass(SecurityClass.Mutate);
        group.MapPost("/trust", TrustAsync).WithName("TrustHost").WithSummary("Confirm the host key with this fingerprint as the machine's own")
            .WithSecurityClass(SecurityClass.Administer)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        return group;
    }

    private static async Task<Results<Ok<PublicKeyWire>, ProblemHttpResult>> GetKeyAsync(
        string id, ITopology topology, IHostTrust trust, CancellationToken cancellationToken)
    {
        if (SetupProblems.Find(topology.Current, id) is null)
        {
            return SetupProblems.UnknownHost(topology.Current);
        }

        var (key, fault) = await trust.ReadPublicKeyAsync(cancellationToken);
        return key is null ? SetupProblems.NoKey(fault!) : TypedResults.Ok(new PublicKeyWire(key));
    }

    private static async Task<Results<Ok<ConnectionTestWire>, ProblemHttpResult>> TestAsync(
        string id, ITopology topology, ConnectionTest test, CancellationToken cancellationToken) =>
        SetupProblems.Find(topology.Current, id) is { } host
            ? TypedResults.Ok(await test.RunAsync(host, cancellationToken))
            : SetupProblems.UnknownHost(topology.Current);

    private static async Task<Results<Ok<TrustedWire>, ProblemHttpResult>> TrustAsync(
        string id, TrustAskWire ask, ITopology topology, IHostTrust trust, HostConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (SetupProblems.Find(topology.Current, id) is not { } host)
        {
            return SetupProblems.UnknownHost(topology.Current);
        }

        if (ask.Fingerprint is not { Length: FingerprintLength } fingerprint)
        {
            return SetupProblems.NoFingerprint;
        }

        return await confirmation.ConfirmAsync(host.Id, fingerprint, cancellationToken) switch
        {
            null => TypedResults.Ok(new TrustedWire(true, fingerprint)),
            { Kind: HostFaultKind.HostKeyUnknown } => SetupProblems.Differs((await trust.LookAsync(host.Id, cancellationToken)).Key?.Fingerprint),
            var fault => SetupProblems.Unusable(fault),
        };
    }
}
