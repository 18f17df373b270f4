using System.Security.Cryptography;
using System.Text;
using Appliance.Cluster.Connectivity;
using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;

namespace Appliance.Demo.Machines;

/// <summary>Simulated machines know us and are known: their keys are made from their ids and count as confirmed.</summary>
internal sealed class SimulatedTrust(DemoCluster demo) : IHostTrust
{
    public Task<(string? PublicKey, HostFault? Fault)> ReadPublicKeyAsync(CancellationToken cancellationToken)
    {
        // An ed25519 key in OpenSSH's form whose private half nobody has: the length and name of the type, then 32 bytes.
        byte[] blob = [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32, .. SHA256.HashData("appliance demo"u8)];
        return Task.FromResult<(string?, HostFault?)>(($"ssh-ed25519 {Convert.ToBase64String(blob)} appliance-demo", null));
    }

    public Task<(ShownHostKey? Key, HostFault? Fault)> LookAsync(HostId host, CancellationToken cancellationToken) => Task.FromResult(Look(host));

    public Task<HostFault?> ConfirmAsync(HostId host, string fingerprint, CancellationToken cancellationToken)
    {
        var (key, fault) = Look(host);
        return Task.FromResult(
            key is not null && key.Fingerprint != fingerprint
                ? new HostFault(HostFaultKind.HostKeyUnknown, $"The machine shows another host key: {key.Fingerprint}.", "Compare it with the one on the machine.")
                : fault);
    }

    public Task RetryAsync(HostId host, CancellationToken cancellationToken) => Task.CompletedTask;

    private (ShownHostKey? Key, HostFault? Fault) Look(HostId host) => demo.Hosts.FirstOrDefault(machine => machine.Id == host) switch
    {
        null => (null, new HostFault(HostFaultKind.Unreachable, $"There is no host {host}.")),
        { IsOnline: false } machine => (null, new HostFault(HostFaultKind.Unreachable, $"{machine.Name} does not answer.", "Check that it is switched on and connected.")),
        var machine => (new ShownHostKey($"SHA256:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(machine.Id.Value))).TrimEnd('=')}", IsConfirmed: true), null),
    };
}
