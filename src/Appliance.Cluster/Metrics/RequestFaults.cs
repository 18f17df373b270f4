namespace Appliance.Cluster.Metrics;

/// <summary>The words for <see cref="RequestFault"/> in metrics and in the API.</summary>
public static class RequestFaults
{
    /// <summary>The stable word, for example <c>upstream_cut</c>; <c>ok</c> for none.</summary>
    public static string Word(this RequestFault fault) => fault switch
    {
        RequestFault.None => "ok",
        RequestFault.BadRequest => "bad_request",
        RequestFault.NotAllowed => "not_allowed",
        RequestFault.UnknownModel => "unknown_model",
        RequestFault.CallerLeftWaiting => "caller_left_waiting",
        RequestFault.CallerLeftReading => "caller_left_reading",
        RequestFault.ModelLoading => "model_loading",
        RequestFault.ModelDown => "model_down",
        RequestFault.CutBySwap => "cut_by_swap",
        RequestFault.TooBusy => "too_busy",
        RequestFault.UpstreamUnreachable => "upstream_unreachable",
        RequestFault.UpstreamSilent => "upstream_silent",
        RequestFault.UpstreamBroke => "upstream_broke",
        RequestFault.UpstreamRefused => "upstream_refused",
        RequestFault.UpstreamFailed => "upstream_failed",
        RequestFault.UpstreamCut => "upstream_cut",
        RequestFault.Internal => "internal",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
