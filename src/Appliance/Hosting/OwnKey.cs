using Appliance.Hosts.Ssh;

namespace Appliance.Hosting;

/// <summary>
/// Has our key pair made at the start, so that its public half is there to be pasted before anything was asked of a machine. A key
/// that cannot be used is a fault of the machines on the page, not a reason not to start.
/// </summary>
internal sealed partial class OwnKey(SshKey key, ILogger<OwnKey> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            LogKey(await key.ReadPublicKeyAsync(cancellationToken));
        }
        catch (InvalidOperationException exception)
        {
            LogUnusable(exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "The line for authorized_keys on the machines: {PublicKey}")]
    private partial void LogKey(string publicKey);

    [LoggerMessage(Level = LogLevel.Error, Message = "The SSH key cannot be used, so no machine can be reached")]
    private partial void LogUnusable(Exception exception);
}
