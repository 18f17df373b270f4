using Appliance.Cluster.Shell;
using Appliance.Hosts.Processes;

namespace Appliance.Hosts.Ssh;

/// <summary>Asks a host for its key: a connection that ends before any login, made by the same client that will use the key.</summary>
internal sealed class HostKeyLook(SshRuntime runtime, TimeProvider time)
{
    /// <summary>The key, or why there is none.</summary>
    public async Task<(HostKey? Key, HostFault? Fault)> TakeAsync(SshEndpoint endpoint, SshOptions options, CancellationToken cancellationToken)
    {
        if (await endpoint.ResolveAsync(options.ConnectTimeout, time, cancellationToken) is not { } address)
        {
            return (null, SshFaults.NameUnknown(endpoint));
        }

        var (config, shown, log) = (runtime.NextFile("conf"), runtime.NextFile("keys"), runtime.NextFile("log"));
        try
        {
            await File.WriteAllTextAsync(config, SshConfiguration.ForHostKey(endpoint, address, options, shown), cancellationToken);
            var command = new LocalCommand
            {
                Program = "ssh",
                Arguments = ["-F", config, "-E", log, "-T", "--", endpoint.Id.Value, "exit"],
                Deadline = options.ConnectTimeout + options.ConnectTimeout,
            };
            await LocalProcess.RunAsync(command, new OutputBuffer(0), new OutputBuffer(0), time, cancellationToken);
            var lines = File.Exists(shown) ? await File.ReadAllLinesAsync(shown, cancellationToken) : [];
            var key = lines.Select(line => KnownHosts.Parse(line, endpoint.KeyName)).OfType<HostKey>().FirstOrDefault();
            return key is null ? (null, SshFaults.OfConnecting(endpoint, await SshLog.ReadAsync(log, cancellationToken))) : (key, null);
        }
        finally
        {
            File.Delete(config);
            File.Delete(shown);
            File.Delete(log);
        }
    }
}
