using Appliance.Cluster.Primitives;
using Appliance.Cluster.Shell;
using Appliance.Cluster.Topology;

namespace Appliance.Hosts.Ssh;

/// <summary>Reads ssh's own messages (OpenSSH 8 to 10, <c>LC_ALL=C</c>) and says what they mean for the owner.</summary>
internal static class SshFaults
{
    /// <summary>Why no connection came about. Never null: what we cannot read is reported as unreachable, in ssh's words.</summary>
    public static HostFault OfConnecting(SshEndpoint endpoint, string log) =>
        OfRefusal(endpoint, log) ?? new HostFault(
            HostFaultKind.Unreachable,
            $"{endpoint.Name} could not be reached over SSH.",
            LastLine(log) is { } line ? $"The SSH client says: {line}" : "Check that the machine is switched on and in this network.");

    /// <summary>The fault, where the messages prove that no command was started; otherwise null.</summary>
    public static HostFault? OfRefusal(SshEndpoint endpoint, string log)
    {
        // From the most specific to the most general: a banner time-out also says "timed out".
        if (Says(log, "REMOTE HOST IDENTIFICATION HAS CHANGED", "Host key verification failed", "REVOKED HOST KEY"))
        {
            return HostKeyChanged(endpoint);
        }

        if (Says(log, "timed out during banner exchange"))
        {
            return Thrashing(endpoint);
        }

        if (Says(log, "UNPROTECTED PRIVATE KEY FILE", "invalid format", "error in libcrypto"))
        {
            return new(HostFaultKind.KeyUnusable, "Our SSH key cannot be used.", "The key file is damaged or readable by others; make it readable for its owner only, or remove it to get a new one.");
        }

        if (Says(log, "Permission denied (", "Too many authentication failures"))
        {
            return new(
                HostFaultKind.AuthenticationFailed,
                $"{endpoint.Name} does not accept our SSH key for the user {endpoint.User}.",
                $"Add the public key shown on the page to the file ~/.ssh/authorized_keys of {endpoint.User} on {endpoint.Name}.");
        }

        if (Says(log, "Could not resolve hostname"))
        {
            return NameUnknown(endpoint);
        }

        if (Says(log, "Connection refused"))
        {
            return new(
                HostFaultKind.Unreachable,
                $"{endpoint.Name} is there, but nothing answers SSH on port {endpoint.Port}.",
                "Check that the SSH server runs there and that the port is right. Right after a restart it may need a minute.");
        }

        if (Says(log, "No route to host", "Network is unreachable", "Host is down", "timed out"))
        {
            return new(
                HostFaultKind.Unreachable,
                $"{endpoint.Name} does not answer at {endpoint.Address}.",
                "Check that the machine is switched on and in this network, and that its address has not changed.");
        }

        return Says(log, "kex_exchange_identification", "Unable to negotiate")
            ? new(
                HostFaultKind.Unreachable,
                $"{endpoint.Name} closed the connection before the login.",
                "It may be starting, too busy, or blocking this address after failed logins. Wait some minutes; then look at its SSH server's log.")
            : null;
    }

    public static HostFault NotDefined(HostId id) =>
        new(HostFaultKind.Unreachable, $"There is no machine called {id}.", "Add it on the settings page.");

    public static HostFault OnlyWatched(HostDefinition host) => new(
        HostFaultKind.OnlyWatched,
        $"{host.Name} is only watched: cluster.yaml says that nobody logs in to it.",
        "To start and stop models there, take 'ssh: no' out of cluster.yaml and name a user.");

    public static HostFault NotValid(HostDefinition host) => new(
        HostFaultKind.Unreachable,
        $"The address, user or port of {host.Name} is not valid.",
        "The address is an IPv4 address or a name such as spark-1.local; the user is a plain login name; the port is a number up to 65535.");

    public static HostFault NameUnknown(SshEndpoint endpoint) => new(
        HostFaultKind.Unreachable,
        $"The name {endpoint.Address} of {endpoint.Name} is not known in this network.",
        "Use the machine's IPv4 address instead, or correct the name.");

    public static HostFault HostKeyChanged(SshEndpoint endpoint) => new(
        HostFaultKind.HostKeyChanged,
        $"{endpoint.Name} shows another host key than the one that was confirmed. Nothing is sent to it.",
        "If the machine was reinstalled or replaced, compare and confirm the new key on the page. If not, somebody may be posing as it.");

    public static HostFault HostKeyUnknown(SshEndpoint endpoint, HostKey key) => new(
        HostFaultKind.HostKeyUnknown,
        $"{endpoint.Name} is new here. Its host key has the fingerprint {key.Fingerprint}.",
        "Compare it with what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints on that machine, then confirm it on the page.");

    public static HostFault Thrashing(SshEndpoint endpoint) => new(
        HostFaultKind.Thrashing,
        $"{endpoint.Name} accepts connections but does not speak: it has probably run out of memory.",
        "Give it some minutes. If it stays like this, hold its power button to restart it.");

    public static HostFault Lost(SshEndpoint endpoint) => new(
        HostFaultKind.ConnectionLost,
        $"The connection to {endpoint.Name} was lost while a command ran.",
        "The command may have finished there. The machine is looked at again before anything else is done.");

    public static HostFault Late(SshEndpoint endpoint, TimeSpan deadline) => new(
        HostFaultKind.DeadlineExceeded,
        $"{endpoint.Name} did not finish a command within {deadline.TotalSeconds:0.#} seconds.",
        "The command may still run there. The machine is looked at again before anything else is done.");

    public static HostFault Overloaded(SshEndpoint endpoint) => new(
        HostFaultKind.Overloaded,
        $"Too many commands wait for {endpoint.Name}.",
        "Try again in a moment.");

    public static HostFault NotOurShell(SshEndpoint endpoint, string banner) => new(
        HostFaultKind.UnexpectedShell,
        $"The login of {endpoint.User} on {endpoint.Name} does not run commands.",
        LastLine(banner) is { } line ? $"It answered: {line}" : "Give that user an ordinary login shell, such as /bin/bash.");

    private static bool Says(string log, params ReadOnlySpan<string> fragments)
    {
        foreach (var fragment in fragments)
        {
            if (log.Contains(fragment, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string? LastLine(string text)
    {
        var line = text.Split('\n').Select(part => part.Trim()).LastOrDefault(part => part.Length > 0);
        return line is null ? null : string.Concat(line.Where(c => !char.IsControl(c)).Take(200));
    }
}
