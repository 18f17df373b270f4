using System.Collections.Immutable;
using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;
using Appliance.Cluster.View;

namespace Appliance.Setup;

/// <summary>The home page's knowledge of machines that want a person: asked for once per fault. One per page, used from its thread only.</summary>
internal sealed class HostHelpDesk(IHostTrust trust, ConnectionTest test, HostConfirmation confirmation)
{
    public ImmutableDictionary<HostId, HostHelp> Current { get; private set; } = ImmutableDictionary<HostId, HostHelp>.Empty;

    /// <summary>Fetches what is missing; whether anything came.</summary>
    public async Task<bool> UpdateAsync(IEnumerable<HostSnapshot> hosts, CancellationToken cancellationToken)
    {
        var news = hosts.Where(host => host.Fault is { } fault && Helps(fault.Kind) && Current.GetValueOrDefault(host.Definition.Id)?.For != fault).ToArray();
        foreach (var host in news)
        {
            // Noted before the question, so that the next drawing of the page does not ask again.
            Current = Current.SetItem(host.Definition.Id, new HostHelp(host.Fault!));
        }

        foreach (var host in news)
        {
            var help = new HostHelp(host.Fault!);
            help = help.For.Kind == HostFaultKind.AuthenticationFailed
                ? help with { PublicKey = (await trust.ReadPublicKeyAsync(cancellationToken)).PublicKey }
                : help with { Fingerprint = (await trust.LookAsync(host.Definition.Id, cancellationToken)).Key?.Fingerprint };
            Current = Current.SetItem(host.Definition.Id, help);
        }

        return news.Length > 0;
    }

    public async Task TestAsync(HostDefinition host, CancellationToken cancellationToken)
    {
        Change(host.Id, help => help with { IsTesting = true, TestResult = null });
        try
        {
            var result = await test.RunAsync(host, cancellationToken);
            var failed = result.Steps.FirstOrDefault(step => !step.Ok);
            Change(host.Id, help => help with { TestResult = failed is null ? "Everything works now." : failed.Message });
        }
        finally
        {
            Change(host.Id, help => help with { IsTesting = false });
        }
    }

    /// <summary>Null means done.</summary>
    public Task<HostFault?> ConfirmAsync(HostId host, string fingerprint, CancellationToken cancellationToken) =>
        confirmation.ConfirmAsync(host, fingerprint, cancellationToken);

    private static bool Helps(HostFaultKind kind) =>
        kind is HostFaultKind.HostKeyUnknown or HostFaultKind.HostKeyChanged or HostFaultKind.AuthenticationFailed;

    private void Change(HostId host, Func<HostHelp, HostHelp> change)
    {
        if (Current.TryGetValue(host, out var help))
        {
            Current = Current.SetItem(host, change(help));
        }
    }
}
