namespace Appliance.Cluster.Shell;

/// <summary>The classes of host fault that need different behaviour.</summary>
public enum HostFaultKind
{
    /// <summary>No such host, refused, no route, or no answer to the connection.</summary>
    Unreachable,

    /// <summary>The port accepts but SSH does not speak: on a Spark the sign of exhausted memory (F-03). Do not retry fast.</summary>
    Thrashing,

    /// <summary>The host refused our key (F-04). Do not retry: repeated failures get an address banned.</summary>
    AuthenticationFailed,

    /// <summary>The host's key was never confirmed by a person.</summary>
    HostKeyUnknown,

    /// <summary>The host presents another key than the confirmed one (F-05). Everything that changes it is blocked.</summary>
    HostKeyChanged,

    /// <summary>Our own private key is missing, unreadable, or readable by others.</summary>
    KeyUnusable,

    /// <summary>The connection broke while a command ran (F-06).</summary>
    ConnectionLost,

    /// <summary>The command's deadline passed (F-02).</summary>
    DeadlineExceeded,

    /// <summary>The login shell did not run our command as sent (F-08).</summary>
    UnexpectedShell,

    /// <summary>Nobody logs in to the host, because its owner said so: it is only watched. Not a trouble.</summary>
    OnlyWatched,

    /// <summary>Too many commands wait for this host.</summary>
    Overloaded,

    /// <summary>The host lacks something that we need there: a program, or a folder that can be written.</summary>
    NotPrepared,
}
