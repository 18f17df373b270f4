namespace Appliance.Cluster.Metrics;

/// <summary>What went wrong with a request of the gateway: who failed, and when. The words are part of the API (snake case, see <see cref="RequestFaults.Word"/>).</summary>
public enum RequestFault
{
    /// <summary>Nothing: it was answered.</summary>
    None,

    /// <summary>The caller: what it sent was refused before anybody was asked (form, size, path, method).</summary>
    BadRequest,

    /// <summary>The caller: its key is missing, wrong, or not for this.</summary>
    NotAllowed,

    /// <summary>The caller: it named a model that does not exist here.</summary>
    UnknownModel,

    /// <summary>The caller: left before the first byte of the answer.</summary>
    CallerLeftWaiting,

    /// <summary>The caller: left in the middle of the answer.</summary>
    CallerLeftReading,

    /// <summary>The appliance: the model was still loading when the hold was over.</summary>
    ModelLoading,

    /// <summary>The appliance: nobody answers for the model now (stopped, stuck, crashed, unreachable).</summary>
    ModelDown,

    /// <summary>The appliance: cut off the answer because the model was exchanged and the time for the rest was over.</summary>
    CutBySwap,

    /// <summary>The appliance: its queue or its memory for bodies was full.</summary>
    TooBusy,

    /// <summary>The model server: took no connection.</summary>
    UpstreamUnreachable,

    /// <summary>The model server: sent nothing in time before its first byte.</summary>
    UpstreamSilent,

    /// <summary>The model server: ended the connection before its first byte, or answered something that cannot be passed on.</summary>
    UpstreamBroke,

    /// <summary>The model server: refused with a status of 400 to 499.</summary>
    UpstreamRefused,

    /// <summary>The model server: failed with a status of 500 to 599.</summary>
    UpstreamFailed,

    /// <summary>The model server: broke off or fell silent in the middle of its answer.</summary>
    UpstreamCut,

    /// <summary>The appliance: a mistake of ours.</summary>
    Internal,
}
